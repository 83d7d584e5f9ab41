"""
What Nordhafen's register has seen in the four months that it has been kept, as far as decisions tell, and the baselines
that were taken. Triggers know no time but now, so what they wrote is made older with the triggers off.
"""
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from tenancy.models import Contact

from netbox_ims.models import Baseline, Classification, Decision, HistoryStart, RegisterVersion, RetiredCI
from netbox_ims.services.baselines import take_baseline
from netbox_ims.services.derive import settle

__all__ = ('load',)

KEPT_FOR = 120          # days
ASSESSED, CHANGED = (105, 50), (40, 2)      # days ago, from and to: first assessments, and what was decided later
RETIRED = {'srv-pay-01': 24, 'vm-app-25': 11}
# CIs that came later, and when
JOINED = {'vm-app-03': 33, 'vm-app-07': 19, 'vm-web-02': 33, 'hv-ham2-06': 8, 'tape-ham2-01': 62}
# columns of a version that a decision tells of
PLAIN = (
    'is_information_asset', 'handles_sensitive_data', 'processes_personal_data', 'rto_minutes', 'rpo_minutes',
    'review_due', 'classification_override',
)
# own value -> what counts where nothing else is inherited
FOLLOW = {
    'classification_id': 'effective_classification_id', 'handles_sensitive_data': 'effective_handles_sensitive_data',
    'processes_personal_data': 'effective_processes_personal_data', 'rto_minutes': 'effective_rto_minutes',
    'rpo_minutes': 'effective_rpo_minutes',
}

# who, name, why, of when (days ago; None: now), and of which CIs
BASELINES = (
    ('auditor', 'Before the internal audit', 'Where we stood when the audit was announced', 45, {}),
    ('auditor', 'Internal audit 2026', 'Sample for stage 2, ISO/IEC 27001', 14, {}),
    ('auditor', 'Confidential at Hamburg DC1', 'Customer audit of Reederei Claasen', None,
     {'site': ['hamburg-dc1'], 'effective_classification': ['confidential']}),
    ('hamburg', 'Hamburg DC1, handover', 'Change of site management', None, {}),
)


def load(world):
    settle()
    start = timezone.now() - timedelta(days=KEPT_FOR)
    if HistoryStart.objects.filter(time__lte=start + timedelta(days=1)).exists():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = 'replica'")
        grow_old(cursor, start)
        for retired in RetiredCI.objects.filter(name__in=RETIRED):
            tell_of_retired(cursor, retired, start)
        for key, decisions in decided().items():
            tell_past(cursor, key, decisions)
        cursor.execute("SET LOCAL session_replication_role = 'origin'")
    for user, name, reason, days, parameters in BASELINES:
        if not Baseline.objects.filter(name=name).exists():
            as_of = None if days is None else timezone.now() - timedelta(days=days)
            take_baseline(name, world.users[user], as_of, parameters, reason)


def grow_old(cursor, start):
    """What is so now has been so since the register is kept, or since the CI joined."""
    # What was worked out after the rest is no event of its own.
    cursor.execute("DELETE FROM netbox_ims_registerversion WHERE valid_to <> 'infinity'")
    cursor.execute("UPDATE netbox_ims_registerversion SET valid_from = %s, changed = '{}'", [start])
    cursor.execute("UPDATE netbox_ims_registername SET valid_from = %s WHERE valid_to = 'infinity'", [start])
    cursor.execute('UPDATE netbox_ims_historystart SET time = %s', [start])
    for name, days in JOINED.items():
        cursor.execute('UPDATE netbox_ims_registerversion SET valid_from = %s WHERE name = %s', [at(days), name])


def at(days):
    """So many days ago, at an hour at which people work."""
    moment = timezone.now() - timedelta(days=days)
    return moment.replace(hour=8 + days % 9, minute=days * 7 % 60, second=days * 13 % 60, microsecond=0)


def decided():
    """{(type id, id): decisions about the CI}, in the order in which they were taken."""
    found = {}
    for decision in Decision.objects.filter(action='assessed').order_by('pk'):
        found.setdefault((decision.object_type_id, decision.object_id), []).append(decision)
    return found


def spread(number, count, span):
    first, last = span
    return first - (first - last) * (number % count) // count


def tell_past(cursor, key, decisions):
    """A version for each decision about a CI, before the one that says how it is now; the latest first."""
    versions = RegisterVersion.objects.filter(object_type=key[0], object_id=key[1])
    version = versions.first()
    began = version.valid_from if version else timezone.now() - timedelta(days=KEPT_FOR)
    for decision, time in reversed(list(zip(decisions, times(decisions, began), strict=True))):
        cursor.execute('UPDATE netbox_ims_decision SET time = %s WHERE id = %s', [time, decision.pk])
        if version:
            said_before(cursor, versions.earliest('valid_from').pk, time, decision)


def times(decisions, began):
    """When the decisions about one CI were taken, one after the other, and after it `began` to be in the register."""
    first, *later = decisions
    days = [spread(first.pk * 37, 55, ASSESSED)]
    days += sorted((spread(decision.pk * 7, 38, CHANGED) for decision in later), reverse=True)
    latest = began
    for each in days:
        latest = max(at(each), latest + timedelta(hours=1))
        yield latest


def said_before(cursor, pk, time, decision):
    """The earliest version begins at `time`; before it comes one with the values from before the decision."""
    old = decision.old_values
    values = {name: old[name] for name in PLAIN if name in old}
    if 'classification_override' in values:
        values['classification_override'] = bool(values['classification_override'])
    if 'classification' in old:
        slug = old['classification']
        values['classification_id'] = Classification.objects.get(slug=slug).pk if slug else None
    if 'asset_owner' in old:
        owner = Contact.objects.filter(name=old['asset_owner']).first()
        values['asset_owner_id'] = owner.pk if owner else None
    version = RegisterVersion.objects.get(pk=pk)
    began = version.valid_from
    values.update(what_followed(version, values))
    cursor.execute(
        'UPDATE netbox_ims_registerversion SET valid_from = %s, changed = %s, user_id = %s, user_name = %s '
        'WHERE id = %s', [time, list(values), decision.user_id, decision.user_name, pk]
    )
    copy(cursor, pk, {**values, 'valid_from': began, 'valid_to': time, 'changed': [], 'user_id': None, 'user_name': ''})


def what_followed(version, values):
    """What the CI had from itself followed from what it said then; what it inherits is taken to have been as it is."""
    followed = {
        effective: values[own] for own, effective in FOLLOW.items()
        if own in values and getattr(version, own) == getattr(version, effective)
    }
    for kind in ('rto', 'rpo'):
        if followed.get(f'effective_{kind}_minutes', 0) is None:
            followed[f'effective_{kind}_minutes'] = getattr(version, f'required_{kind}_minutes')
    return followed if values.get('rto_minutes', 0) is not None else {**followed, 'alignment': 'undetermined'}


def copy(cursor, pk, values):
    """Another version like this one, but for some columns."""
    columns = [field.column for field in RegisterVersion._meta.local_concrete_fields if field.column != 'id']
    selected = ', '.join('%s' if column in values else column for column in columns)
    cursor.execute(
        f'INSERT INTO netbox_ims_registerversion ({", ".join(columns)}) SELECT {selected} '
        'FROM netbox_ims_registerversion WHERE id = %s', [*(values[c] for c in columns if c in values), pk]
    )


def tell_of_retired(cursor, retired, start):
    """A CI that is gone: what its RetiredCI says, until it went."""
    time = at(RETIRED[retired.name])
    for table in ('retiredci', 'decision'):
        condition = '' if table == 'retiredci' else " AND action IN ('retired', 'withdrawn')"
        cursor.execute(
            f'UPDATE netbox_ims_{table} SET time = %s WHERE object_type_id = %s AND object_id = %s{condition}',
            [time, retired.object_type_id, retired.object_id]
        )
    like = RegisterVersion.objects.filter(object_type=retired.object_type_id, valid_from=start).first()
    classification = Classification.objects.filter(slug=retired.classification).first()
    owner = Contact.objects.filter(name=retired.asset_owner).first()
    copy(cursor, like.pk, {
        'object_id': retired.object_id, 'entry_id': 10**9 + retired.pk, 'name': retired.name,
        'site_id': retired.site_id, 'tenant_id': retired.tenant_id, 'role_id': retired.role_id,
        'status': retired.status, 'profile_id': None,
        'classification_id': classification and classification.pk,
        'effective_classification_id': classification and classification.pk,
        'asset_owner_id': owner and owner.pk,
        **{name: retired.assessment.get(name) for name in ('rto_minutes', 'rpo_minutes', 'review_due')},
        **{flag: getattr(retired, flag) for flag in (
            'is_information_asset', 'handles_sensitive_data', 'processes_personal_data'
        )},
        'valid_from': start, 'valid_to': time,
    })
