"""
A past for tests that need one at once: whoever writes through the triggers can only write the present. What is kept is
made older, and given versions before it, with the triggers off.
"""
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from netbox_ims.models import RegisterVersion
from tests.register.test_jobs import tamper

__all__ = ('LONG_AGO', 'days_ago', 'grow_old', 'joined', 'left', 'said_between', 'said_until', 'versions_of')

LONG_AGO = 1000         # days


def days_ago(days):
    return timezone.now() - timedelta(days=days)


def grow_old(days=LONG_AGO):
    """Everything that is so now has been so for that long, without anything before, and the history is as old."""
    for table in ('registerversion', 'registername'):
        tamper(f"DELETE FROM netbox_ims_{table} WHERE valid_to <> 'infinity'")
        tamper(f"UPDATE netbox_ims_{table} SET valid_from = %s WHERE valid_to = 'infinity'", [days_ago(days)])
    tamper('UPDATE netbox_ims_historystart SET time = %s', [days_ago(days)])


def versions_of(ci):
    return RegisterVersion.objects.filter(
        object_type=ContentType.objects.get_for_model(ci), object_id=ci.pk
    ).order_by('valid_from')


def joined(ci, moment):
    """The CI has been in the register since then only."""
    tamper('UPDATE netbox_ims_registerversion SET valid_from = %s WHERE id = %s', [moment, versions_of(ci).get().pk])


def said_until(ci, moment, user_name='', **values):
    """The register said something else of the CI until then: these `values`, by column. The latest change first."""
    first = versions_of(ci).first()
    tamper(
        'UPDATE netbox_ims_registerversion SET valid_from = %s, changed = %s, user_name = %s WHERE id = %s',
        [moment, list(values), user_name, first.pk]
    )
    _copy(first.pk, {**values, 'valid_from': first.valid_from, 'valid_to': moment, 'user_name': '', 'changed': []})


def said_between(ci, start, end, **values):
    """The register said something else for a while."""
    now = dict(versions_of(ci).values(*values).last())
    said_until(ci, end, **values)
    said_until(ci, start, **now)


def left(like, moment, object_id, **values):
    """Another CI of the same kind as `like`, which was in the register until then."""
    _copy(versions_of(like).get().pk, {
        'entry_id': 10**9 + object_id, 'object_id': object_id, 'valid_to': moment, **values
    })


def _copy(pk, values):
    columns = [field.column for field in RegisterVersion._meta.local_concrete_fields if field.column != 'id']
    selected = ', '.join('%s' if column in values else column for column in columns)
    tamper(
        f'INSERT INTO netbox_ims_registerversion ({", ".join(columns)}) SELECT {selected} '
        'FROM netbox_ims_registerversion WHERE id = %s',
        [*(values[column] for column in columns if column in values), pk]
    )
