"""
Bad input, through forms, imports and REST: an error that names the field, never a server error, and nothing changes.
"""
import json
from contextlib import contextmanager
from datetime import timedelta

import yaml
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from core.models import ObjectChange
from users.models import User

from netbox_ims.models import AssetProfile, Classification, Decision, InformationAsset, RegisterEntry
from tests import factories as make
from tests.base import RestClient

HUGE = 10**30
NUL = 'a\x00b'
FUTURE = (timezone.localdate() + timedelta(days=2)).isoformat()


class BadInputTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.root = User.objects.create_superuser('root')
        cls.berlin, cls.paris = make.make_site('Berlin', slug='berlin'), make.make_site('Paris', slug='paris')
        cls.secret = make.make_classification('Secret', level=30, slug='secret')
        cls.unused = make.make_classification('Unused', level=10, slug='unused')
        cls.free, cls.taken = make.make_device('free', cls.berlin), make.make_device('taken', cls.berlin)
        cls.other = make.make_vm('other', cls.berlin)
        cls.twins = [make.make_device('twin', cls.berlin), make.make_device('twin', cls.paris)]
        cls.profile = make.make_profile(cls.taken, classification=cls.secret, rto_minutes=5, is_information_asset=True)
        cls.asset = make.make_information_asset('Records', slug='records')

    def setUp(self):
        self.rest = RestClient(self.root)
        self.client.force_login(self.root)

    def state(self):
        return [
            list(model.objects.order_by('pk').values(*columns)) for model, columns in (
                (AssetProfile, ()), (Classification, ()), (InformationAsset, ()), (Decision, ()),
                # What it derives may be brought up to date by any request
                (RegisterEntry, ('object_type', 'object_id', 'name', 'profile', 'classification', 'rto_minutes')),
            )
        ] + [ObjectChange.objects.count()]

    @contextmanager
    def assertNothingChanges(self, **params):
        """A subtest at whose end the database is as it was; whatever it did is then undone, for the next one."""
        with self.subTest(**params):
            before, savepoint = self.state(), transaction.savepoint()
            try:
                yield
                self.assertEqual(self.state(), before)
            finally:
                transaction.savepoint_rollback(savepoint)
                transaction.set_rollback(False)

    #
    # The three ways in
    #

    def assertRestRefuses(self, fields, method, path, data):
        """400 with these fields, or with none named where `fields` is None."""
        with self.assertNothingChanges(method=method, path=path, data=data):
            status, answer = self.rest.request(method, path, data)
            self.assertEqual(status, 400, answer)
            if fields is not None:
                self.assertEqual(set(answer), {fields} if isinstance(fields, str) else set(fields))

    def assertFormRefuses(self, field, url, data):
        """The form again, with an error at this field (None: NetBox shows it as a message)."""
        with self.assertNothingChanges(url=url, data=data):
            response = self.client.post(url, data)
            self.assertEqual(response.status_code, 200)
            if field is not None:
                self.assertIn(field, response.context['form'].errors)

    def import_records(self, records, format='csv', model='assetprofile'):
        """POST records (dictionaries) to the import page; the response, and what it complains of."""
        if isinstance(records, str):
            data = records
        elif format == 'csv':
            names = list(dict.fromkeys(name for record in records for name in record))
            rows = [[str(record.get(name, '')) for name in names] for record in records]
            data = '\n'.join(','.join(f'"{cell}"' for cell in row) for row in [names, *rows])
        else:
            data = json.dumps(records) if format == 'json' else yaml.safe_dump(records)
        url = reverse(f'plugins:netbox_ims:{model}_bulk_import')
        response = self.client.post(url, {'data': data, 'format': format, 'csv_delimiter': 'auto'})
        errors = [] if response.status_code == 302 else [
            message for messages in response.context['form'].errors.values() for message in messages
        ]
        return response, errors

    def assertImportRefuses(self, text, records, formats=('csv', 'json', 'yaml'), model='assetprofile'):
        """The page again, with one error, which contains `text`, such as 'Record 2 rto_minutes:'."""
        for format in formats:
            with self.assertNothingChanges(format=format, records=records):
                response, errors = self.import_records(records, format, model)
                self.assertEqual(response.status_code, 200)
                self.assertEqual(len(errors), 1, errors)
                self.assertIn(text, errors[0])


def form_of(ci, **values):
    """What the form of a new profile posts."""
    return {'object_content_type': ContentType.objects.get_for_model(ci).pk, 'object_object_id': ci.pk, **values}


def json_of(ci, **values):
    return {'object_type': ci._meta.label_lower, 'object_id': ci.pk, **values}
