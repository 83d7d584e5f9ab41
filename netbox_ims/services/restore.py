"""A rebuilt CI takes its assessment from the one it replaces."""
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tenancy.models import Contact

from ..constants import ASSESSED_FIELDS
from ..models import AssetProfile, Classification

__all__ = ('restore_profile',)


def restore_profile(retired, ci, message=''):
    """
    Give `ci` a new asset profile with what was known of the RetiredCI `retired`, and return it.

    Classification and asset owner are found by slug and name as they were then; one that is gone is left out, and
    with it shows as unknown. Raises ValidationError by field if the CI is of another type or has a profile already,
    or if nothing was known.
    """
    if not retired.assessment:
        raise ValidationError(_('Nothing was known of this CI: there is no assessment to take over.'))
    if ci._meta.label_lower != f'{retired.object_type.app_label}.{retired.object_type.model}':
        raise ValidationError({'object_id': _('The CI must be of the same type.')})
    values = {field: value for field, value in retired.assessment.items() if field in ASSESSED_FIELDS}
    if slug := values.pop('classification', None):
        values['classification'] = Classification.objects.filter(slug=slug).first()
    if name := values.pop('asset_owner', None):
        values['asset_owner'] = Contact.objects.filter(name=name).first()
    profile = AssetProfile(object=ci, **values)
    # An override needs its classification to stand on: without it, it lapses.
    if profile.classification_override and profile.classification is None:
        profile.classification_override = False
    profile.full_clean()
    profile._changelog_message = message or _('Taken over from retired CI {name} ({id})').format(
        name=retired, id=retired.pk
    )
    profile.save()
    return profile
