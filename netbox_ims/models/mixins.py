"""Model mixins that several domains share."""
from django.utils import timezone

from netbox.plugins import get_plugin_config
from utilities.exceptions import AbortRequest

from ..ci_types import resolve_ci_type, type_name
from ..rules.reviews import review_state

__all__ = ('AboutCIMixin', 'KeptWhileInUseMixin', 'ReviewedMixin')


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


class KeptWhileInUseMixin:
    """
    Something that can't be deleted while others rest on it. Django's ProtectedError would list those by name, also
    what is about CIs the user may not see: the refusal says in its own words what stands in the way.
    """

    def in_use_message(self, using=None):
        """Why it can't be deleted, or None if it can."""
        raise NotImplementedError

    def delete(self, *args, **kwargs):
        if message := self.in_use_message(kwargs.get('using')):
            raise AbortRequest(message)
        return super().delete(*args, **kwargs)
