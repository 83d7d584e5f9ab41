"""Model mixins that several domains share."""
from dataclasses import dataclass

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from netbox.plugins import get_plugin_config
from utilities.exceptions import AbortRequest

from ..ci_types import get_ci_types, resolve_ci_type, type_name
from ..rules.canonical import digest
from ..rules.reviews import review_state

__all__ = (
    'AboutCIMixin', 'ApprovedMixin', 'CIReference', 'FrozenMixin', 'KeptWhileInUseMixin', 'NamedAfterCIMixin',
    'OfRegisteredCIMixin', 'ReviewedMixin',
)


class AboutCIMixin:
    """A row about a CI, named by `object_type` and `object_id`."""

    @property
    def ci_type(self):
        """Its CIType, or None where the type is no longer registered."""
        return resolve_ci_type(self.object_type)

    @property
    def type_name(self):
        return type_name(self.object_type)


class OfRegisteredCIMixin(AboutCIMixin):
    """What people record about one CI of a registered type, which its `register_entry` leads to."""

    @property
    def entry(self):
        """The register entry of the CI, or None where triggers have not made it (see `netbox ims_register`)."""
        try:
            return self.register_entry
        except ObjectDoesNotExist:
            return None

    def clean(self):
        if self.object_type_id and resolve_ci_type(self.object_type) is None:
            raise ValidationError({
                'object_type': _('{type} is not a registered CI type. Registered: {known}.').format(
                    type=f'{self.object_type.app_label}.{self.object_type.model}', known=', '.join(get_ci_types())
                )
            })
        super().clean()


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


class FrozenMixin:
    """
    Something approved, or part of it: what is evidence in it can't be changed, which a trigger in the database enforces
    (services/freeze_sql.py). Here the same is said in words, at a point where a form can show it.
    """
    EVIDENCE = ()
    STATUS = 'status'       # of what is approved, as seen from here
    FROZEN = ()             # the statuses in which it is frozen
    FROZEN_MESSAGE = gettext_lazy(
        '{approved} is {status}: what it says cannot be changed. Make a new version instead.'
    )

    @property
    def frozen_by(self):
        """What was approved, of which this is a part or all; None while it is free."""
        raise NotImplementedError

    def frozen_message(self):
        return self.FROZEN_MESSAGE.format(approved=self.frozen_by, status=self.frozen_by.get_status_display().lower())

    def clean(self):
        super().clean()
        # What is stored decides: an approval that is replayed in a branch arrives with all it changes at once.
        names = [self._meta.get_field(name).attname for name in self.EVIDENCE]
        stored = type(self).objects.filter(pk=self.pk).values(self.STATUS, *names).first() if self.pk else None
        if stored and stored[self.STATUS] in self.FROZEN and any(stored[name] != getattr(self, name) for name in names):
            # Called what it is stored as, not what somebody would make of it.
            raise ValidationError(type(self).objects.get(pk=self.pk).frozen_message())


class ApprovedMixin(FrozenMixin):
    """
    What gets approved as a whole: by its `status`, with all it said written down in `as_approved`, and the `sha256` of
    that.
    """

    @property
    def is_frozen(self):
        return self.status in self.FROZEN

    @property
    def frozen_by(self):
        return self if self.is_frozen else None

    @property
    def is_intact(self):
        """Whether what was approved still has its SHA-256; None before there is any."""
        return digest(self.as_approved) == self.sha256 if self.as_approved is not None else None

    def serialize_object(self, exclude=None):
        # The change log need not hold this again and again, and what it names may not be for everybody who reads that.
        # Only branches need it: the log is all that brings an approval into them.
        without = () if apps.is_installed('netbox_branching') else ('as_approved',)
        return super().serialize_object(exclude=[*(exclude or ()), *without])
