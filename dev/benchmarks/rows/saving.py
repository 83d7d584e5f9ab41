"""
Saving devices, which the register's triggers watch, with and without them; nothing is kept. Triggers are all that the
plugin adds to a save: its one receiver there does nothing without a request.
"""
import itertools
from contextlib import contextmanager

from django.db import connection, transaction

from dcim.models import Device

from netbox_ims.services.trigger_sql import expected_triggers

from .base import Side, row

DEVICES = 5             # few, so that both sides take turns often: the limits are close to 1


@contextmanager
def rolled_back(*switched_off):
    """
    A transaction that leaves nothing behind, without these triggers. Its first save, with cold caches, is not
    measured.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            for trigger in switched_off:
                cursor.execute(f'ALTER TABLE {trigger.table} DISABLE TRIGGER {trigger.name}')
        Device.objects.order_by('-pk').first().save()
        yield
        transaction.set_rollback(True)


def without_triggers():
    return rolled_back(*(t for t in expected_triggers() if t.table == Device._meta.db_table))


def commit():
    """As far as saving goes: what is put off to the end of a transaction happens now, and on both sides."""
    with connection.cursor() as cursor:
        cursor.execute('SET CONSTRAINTS ALL IMMEDIATE')


def some_devices():
    return list(Device.objects.order_by('pk')[:DEVICES])


@row(f'saving {DEVICES} devices untouched, with triggers against without', 1.1, seconds=20)
def untouched(bench):
    devices = some_devices()

    def save():
        for device in devices:
            device.save()
        commit()

    return Side(save, rolled_back), Side(save, without_triggers)


@row(f'renaming {DEVICES} devices, with triggers against without', 1.5, seconds=20)
def renamed(bench):
    devices, number = some_devices(), itertools.count()

    def save():
        for device in devices:
            device.name = f'renamed {next(number)}'
            device.save()
        commit()

    return Side(save, rolled_back), Side(save, without_triggers)
