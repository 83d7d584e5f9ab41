"""Model mixins that several domains share."""
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext as _

from netbox.plugins import get_plugin_config
from utilities.exceptions import AbortRequest

from ..ci_types import resolve_ci_type, type_name
from ..rules.reviews import review_state

__all__ = ('AboutCIMixin', 'CIReference', 'KeptWhileInUseMixin', 'NamedAfterCIMixin', 'ReviewedMixin')


class AboutCIMixin:
    """A row about a CI, named by `object_type` and `object_id`."""

    @property
    def ci_type(self):
        """Its CIType, or None where the type is no longer registered."""
        return resolve_ci_type(self.object_type)

    @property
    def type_name(self):
        return type_name(self.object_type)


class NamedAfterCIMixin(AboutCIMixin):
    """Such a row with the CI's `name` as the register has it: empty where the CI has none of its own."""

    def __str__(self):
        return self.name or _('Unnamed {type} {id}').format(type=self.type_name, id=self.object_id)


@dataclass(frozen=True)
class CIReference(NamedAfterCIMixin):
    """One of several CIs that a row is about."""
    object_type: ContentType
    object_id: int
    name: str


class ReviewedMixin:
    """Something that is to be looked at again by `review_due`."""

    @property
    def today(self):
        """The day on which it is looked at."""
        return timezone.localdate()

    @property
    def review_state(self):
        """As rules.reviews.review_state() has it, today."""
        notice = get_plugin_config('netbox_ims', 'review_notice_days')
        return review_state(self.review_due, self.today, notice)


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
