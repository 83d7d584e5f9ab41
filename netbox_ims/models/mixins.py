"""Model mixins that several domains share."""
from django.utils import timezone

from netbox.plugins import get_plugin_config

from ..ci_types import resolve_ci_type, type_name
from ..rules.reviews import review_state

__all__ = ('AboutCIMixin', 'ReviewedMixin')


class AboutCIMixin:
    """A row about a CI, named by `object_type` and `object_id`."""

    @property
    def ci_type(self):
        """Its CIType, or None where the type is no longer registered."""
        return resolve_ci_type(self.object_type)

    @property
    def type_name(self):
        return type_name(self.object_type)


class ReviewedMixin:
    """Something that is to be looked at again by `review_due`."""

    @property
    def review_state(self):
        """As rules.reviews.review_state() has it, today."""
        notice = get_plugin_config('netbox_ims', 'review_notice_days')
        return review_state(self.review_due, timezone.localdate(), notice)
