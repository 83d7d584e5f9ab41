"""The register as of a date, what it costs to keep its history, and how much room that takes."""
import itertools
from contextlib import contextmanager
from datetime import timedelta
from functools import cache

from django.db import connection, transaction
from django.utils import timezone

from netbox_ims.models import AssetProfile, Classification, RegisterAsOf
from netbox_ims.services.trigger_frame import REGISTER
from netbox_ims.services.trigger_history import VERSION, history_triggers

from ..history import DAYS_EACH, VERSIONS
from .base import Side, row
from .register import CLASS, classified, entries, page_and_count

PROFILES = 5


@cache
def in_the_middle():
    """When as many versions were still to come as there had been."""
    return timezone.now() - timedelta(days=VERSIONS * DAYS_EACH / 2)


def then():
    return RegisterAsOf.objects.at(in_the_middle()).order_by('name', 'pk')


@row('register as of a date by classification, page + count, against today', 4)
def as_of_by_classification(bench):
    subject = then().filter(classification=Classification.objects.get(slug=CLASS).pk)
    against = classified()
    return lambda: page_and_count(subject), lambda: page_and_count(against)


@row('register as of a date, page + count, against today', 4)
def as_of(bench):
    subject, against = then(), entries()
    return lambda: page_and_count(subject), lambda: page_and_count(against)


@contextmanager
def rolled_back(*switched_off):
    with transaction.atomic():
        with connection.cursor() as cursor:
            for trigger in switched_off:
                cursor.execute(f'ALTER TABLE {trigger.table} DISABLE TRIGGER {trigger.name}')
        AssetProfile.objects.order_by('-pk').first().save()
        yield
        transaction.set_rollback(True)


def without_history():
    return rolled_back(*(trigger for trigger in history_triggers() if trigger.table == REGISTER))


@row(f'saving {PROFILES} profiles, with history against without', 1.3, seconds=20)
def saving(bench):
    profiles, number = list(AssetProfile.objects.order_by('pk')[:PROFILES]), itertools.count(1)

    def save():
        for profile in profiles:
            profile.rto_minutes = next(number)
            profile.save()

    return Side(save, rolled_back), Side(save, without_history)


class Bytes:
    """What a side says it takes."""
    unit = 'bytes'

    def __call__(self, side):
        return side.run()


def size_per_row(table, rows):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT pg_total_relation_size(%s)::float / greatest(count(*), 1) FROM {rows}', [table])
        return cursor.fetchone()[0]


@row('room for one change in the history, indexes included, against one entry of the register', 2, meter=Bytes())
def room(bench):
    return lambda: size_per_row(VERSION, VERSION), lambda: size_per_row(REGISTER, REGISTER)
