"""
The property the history stands on: after whatever writes, the register as of a moment is what it showed at that moment.

A seeded driver writes at random, as in register/test_drift.py. IMS_HISTORY_SEEDS=17 or 100-140 goes further afield.
"""
import os

from django.test import TransactionTestCase

from dcim.models import Device, Rack, Site
from tenancy.models import Contact, Tenant
from virtualization.models import VirtualMachine

from netbox_ims.models import Classification, RegisterAsOf, RegisterEntry, RegisterName, RegisterVersion
from netbox_ims.services import derive
from netbox_ims.services.history import find_history_drift
from netbox_ims.services.trigger_history import VERSIONED, named_models
from tests import factories as make
from tests.register.test_drift import Driver
from tests.register.test_triggers import type_id

from .clock import clock

SEEDS = range(2)
WRITES, BATCH = 1000, 10        # a run's writes, and how many of them between two moments that are asked about later


def seeds():
    if not (asked := os.environ.get('IMS_HISTORY_SEEDS')):
        return SEEDS
    first, _, last = asked.partition('-')
    return range(int(first), int(last or first) + 1)


def said(queryset):
    """{primary key: everything that the rows say}; fails where a CI is there twice."""
    rows = list(queryset.order_by().values_list('pk', 'object_type', 'object_id', *VERSIONED))
    found = {row[0]: row[1:] for row in rows}
    assert len(found) == len(rows) == len({row[1:3] for row in rows})
    return found


def called():
    """{(model, primary key): name} of everything that entries refer to."""
    return {
        (model, pk): name for model in named_models()
        for pk, name in model.objects.values_list('pk', 'name')
    }


class RenamingDriver(Driver):
    """Also calls otherwise what entries refer to, and settles what is marked, as the system job does."""

    def do_rename(self):
        model = self.rnd.choice([Site, Tenant, Contact, Classification])
        self.some(model, most=1).update(name=self.name())

    def do_make_and_delete_a_contact(self):
        self.some(Contact, most=1).delete()
        make.make_contact(self.name())

    def do_settle(self):
        derive.settle()

    do_settle_again = do_settle


class AsOfTest(TransactionTestCase):

    def test_as_of_is_what_the_register_showed(self):
        for seed in seeds():
            with self.subTest(seed=seed):
                self.run_once(seed)

    def run_once(self, seed):
        driver = RenamingDriver(seed)
        moments = []
        for _ in range(WRITES // BATCH):
            driver.run(BATCH)
            moments.append((clock(), said(RegisterEntry.objects), called()))
        derive.settle()
        user, seen = self.somebody()
        for moment, showed, names in moments:
            self.assertEqual(said(RegisterAsOf.objects.at(moment)), showed, moment)
            theirs = {pk: row for pk, row in showed.items() if seen(row)}
            self.assertEqual(said(RegisterAsOf.objects.at(moment).restrict(user)), theirs, moment)
            for model in named_models():
                of_model = RegisterName.objects.at(moment).filter(object_type__model=model._meta.model_name)
                self.assertEqual(
                    dict(of_model.values_list('object_id', 'name')),
                    {pk: name for (each, pk), name in names.items() if each is model}
                )
        self.assertEqual(list(find_history_drift()), [])
        self.assertVersionsAreOrderly()

    def somebody(self):
        """
        Who may see the devices, virtual machines and racks of one site; and of a row of the past, whether it is theirs:
        a CI that is still there is if they see it now, one that is gone if it was at that site.
        """
        site, models = Site.objects.order_by('pk').first(), (Device, VirtualMachine, Rack)
        user = make.make_user('netbox_ims.view_registerentry')
        for model in models:
            make.grant(user, f'{model._meta.app_label}.view_{model._meta.model_name}', constraints={'site': site.pk})
        there = {row[:2] for row in said(RegisterEntry.objects).values()}
        theirs = {row[:2] for row in said(RegisterEntry.objects.restrict(user)).values()}
        types, at = {type_id(model) for model in models}, 2 + VERSIONED.index('site_id')

        def seen(row):
            return row[:2] in theirs or row[:2] not in there and row[0] in types and row[at] == site.pk

        return user, seen

    def assertVersionsAreOrderly(self):
        """No version says what the one before it said, and each knows what changed."""
        before = None
        for row in RegisterVersion.objects.order_by('object_type', 'object_id', 'valid_to').values(
            'object_type', 'object_id', 'valid_from', 'valid_to', 'changed', *VERSIONED
        ):
            same_ci = before and all(row[key] == before[key] for key in ('object_type', 'object_id'))
            if same_ci and before['valid_to'] == row['valid_from'] and row['changed']:
                differing = [column for column in VERSIONED if row[column] != before[column]]
                self.assertEqual(row['changed'], differing)
            elif not same_ci:
                self.assertEqual(row['changed'], [])
            before = row
