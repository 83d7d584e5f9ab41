"""
Assessing many CIs in one step: the bulk path behind "Classify selected", rules and restores.

Profiles are created where missing and changed where they differ, validated like any other save, all or nothing. It
writes in chunks what NetBox's signal receivers would write one by one (change log, events, search cache); Decision
rows come from the triggers as ever.
"""
from collections import Counter

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import router, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from netbox.signals import post_clean

from ..constants import ASSESSED_FIELDS
from ..models import AssetProfile, RegisterEntry
from .attribution import attribute
from .change_log import log_bulk_change, looked_up_once
from .custom_fields import fill_in_custom_fields

__all__ = ('classify',)

CHUNK = 1000


def classify(entries, values, user=None, reason=''):
    """
    Set `values` ({assessed field: value}, None to clear) on the profiles of the CIs in the RegisterEntry queryset
    `entries`, making profiles where there are none.

    Every write is checked against the user's permissions: `add` and `change` on asset profiles, constraints included;
    `user=None` is the system. Returns a Counter of `created`, `changed` and `unchanged`. Raises ValidationError that
    names the CI, or PermissionDenied; nothing is changed then.
    """
    unknown = set(values) - set(ASSESSED_FIELDS)
    if unknown:
        raise ValueError(f'not assessed fields: {sorted(unknown)}')
    # Cleared is what a field holds that nobody has filled in: NULL, or an empty text.
    values = {
        field: AssetProfile._meta.get_field(field).get_default() if value is None else value
        for field, value in values.items()
    }
    using = router.db_for_write(AssetProfile)
    counts = Counter()
    # In this order: what is done on commit, NetBox's search entries, is done in the same context.
    with looked_up_once(), transaction.atomic(using=using):
        attribute(using, user, reason)
        # In order of the primary key, so that two people classifying the same CIs wait for each other, not deadlock.
        pks = list(entries.order_by('pk').values_list('pk', flat=True))
        for start in range(0, len(pks), CHUNK):
            # Locked: of two people who classify the same new CI, the second finds the profile of the first.
            chunk = RegisterEntry.objects.using(using).filter(pk__in=pks[start:start + CHUNK])
            locked = chunk.select_for_update(of=('self',)).select_related('object_type').order_by('pk')
            counts += _classify_chunk(list(locked), values, user, reason, using)
    return counts


def _classify_chunk(entries, values, user, reason, using):
    locked = AssetProfile.objects.using(using).select_for_update(of=('self',))
    profiles = locked.select_related('object_type', 'classification', 'asset_owner').prefetch_related('tags').in_bulk(
        [entry.profile_id for entry in entries if entry.profile_id]
    )
    may_change = _changeable(profiles, user, using)
    new, changed, unchanged = [], [], 0
    for entry in entries:
        profile = profiles.get(entry.profile_id)
        if profile is None:
            profile = AssetProfile(object_type=entry.object_type, object_id=entry.object_id)
            profile._prefetched_objects_cache = {'tags': []}        # a new one has none: no query to find that out
            new.append(profile)
        elif _is_so_already(profile, values):
            unchanged += 1
            continue
        elif profile.pk not in may_change:
            raise PermissionDenied(_('You may not change the profile of {ci}.').format(ci=entry))
        else:
            profile.register_entry = entry
            profile.snapshot()
            changed.append(profile)
        _assign(profile, values, entry)
    _save(new, changed, values, entries, using)
    _refuse_beyond_permissions(new, changed, user, using)
    log_bulk_change(created=new, updated=changed, user=user, message=reason, using=using)
    return Counter(created=len(new), changed=len(changed), unchanged=unchanged)


def _is_so_already(profile, values):
    for field, value in values.items():
        always = field == 'is_information_asset' and profile.is_of_information_asset
        if getattr(profile, field) != (True if always and value is None else value):
            return False
    return True


def _assign(profile, values, entry):
    for field, value in values.items():
        setattr(profile, field, value)
    # As AssetProfile.save() has it; a plain "no" is refused below.
    if profile.is_of_information_asset and profile.is_information_asset is None:
        profile.is_information_asset = True
    try:
        # What full_clean() would check, less one query per CI: the register entry says that the CI exists and has no
        # other profile, and the foreign keys come from objects.
        profile.clean_fields(exclude=('object_type', 'owner', 'classification', 'asset_owner'))
        profile.clean_assessment()
        fill_in_custom_fields(profile)
        post_clean.send(sender=AssetProfile, instance=profile)
    except ValidationError as e:
        errors = e.message_dict if hasattr(e, 'error_dict') else {NON_FIELD_ERRORS: e.messages}
        raise ValidationError({
            field: [f'{entry}: {message}' for message in messages] for field, messages in errors.items()
        }) from e


def _save(new, changed, values, entries, using):
    now = timezone.now()
    AssetProfile.objects.using(using).bulk_create(new)
    by_ci = {(entry.object_type_id, entry.object_id): entry for entry in entries}
    for profile in new:
        profile.register_entry = by_ci[profile.object_type_id, profile.object_id]
    for profile in changed:
        profile.last_updated = now
    AssetProfile.objects.using(using).bulk_update(changed, [*values, 'review_due', 'last_updated'])


def _changeable(profiles, user, using):
    """Primary keys of those profiles the user may change as they are now."""
    if user is None:
        return set(profiles)
    return set(
        AssetProfile.objects.using(using).restrict(user, 'change').filter(pk__in=profiles).values_list('pk', flat=True)
    )


def _refuse_beyond_permissions(new, changed, user, using):
    """As NetBox does after a save: the result must lie within what the user may add or change."""
    if user is None:
        return
    for profiles, action in ((new, 'add'), (changed, 'change')):
        pks = [profile.pk for profile in profiles]
        if pks and AssetProfile.objects.using(using).restrict(user, action).filter(pk__in=pks).count() < len(pks):
            raise PermissionDenied(_('Your permissions do not allow these values on all of the selected CIs.'))
