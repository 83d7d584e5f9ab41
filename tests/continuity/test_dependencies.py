"""What is refused of a dependency, by every path; and nothing has changed then."""
import json

from django.contrib.contenttypes.models import ContentType
from django.test import TestCase
from django.urls import reverse

from netbox_ims.models import AssetProfile, Dependency
from tests import factories as make
from tests.base import RestClient

LABELS = {'service': 'netbox_ims.itservice', 'device': 'dcim.device', 'vm': 'virtualization.virtualmachine'}
END = ('object_type', 'object_id')


class RefusalsTestCase(TestCase):
    """
    A user who sees devices at one site, VMs and IT services. Cases name the two ends, and the field that is at fault
    (REST and import name the id; the form has one field for each end).
    """

    @classmethod
    def setUpTestData(cls):
        site = make.make_site('Berlin')
        cls.cis = {
            'service': make.make_it_service('Payroll'), 'vm': make.make_vm('vm', site=site),
            'device': make.make_device('device', site=site), 'hidden': make.make_device('hidden'),
            'site': site,
        }
        make.make_dependency(cls.cis['service'], cls.cis['vm'])
        cls.user = make.make_user(
            *(f'netbox_ims.{action}_dependency' for action in ('view', 'add', 'change')), 'netbox_ims.view_itservice',
            'virtualization.view_virtualmachine',
        )
        make.grant(cls.user, 'dcim.view_device', constraints={'site__slug': 'berlin'})
        cls.cases = (
            (('service', 'service'), 'provider'),           # of itself
            (('service', 'vm'), 'provider'),                # recorded already
            (('hidden', 'vm'), 'dependent'),
            (('vm', 'hidden'), 'provider'),
            (('hidden', 'hidden'), 'dependent'),
            (('missing', 'vm'), 'dependent'),
            (('vm', 'missing'), 'provider'),
            (('interface', 'vm'), 'dependent'),             # no CI type
            (('vm', 'interface'), 'provider'),
        )

    def setUp(self):
        self.rest = RestClient(self.user)
        self.client.force_login(self.user)
        self.before = self.everything()

    def everything(self):
        return list(Dependency.objects.order_by('pk').values())

    def named(self, which):
        """(label, id) of what a case names."""
        if which == 'missing':
            return 'dcim.device', self.cis['hidden'].pk + 10**6
        if which == 'interface':
            return 'dcim.interface', 1
        ci = self.cis[which]
        return ci._meta.label_lower, ci.pk

    def body(self, ends, **values):
        return {
            **{
                f'{end}_{part}': value for end, which in zip(('dependent', 'provider'), ends, strict=True)
                for part, value in zip(END, self.named(which), strict=True)
            },
            **values,
        }

    def assertUnchanged(self):
        self.assertEqual(self.everything(), self.before)

    def at_fault(self, ends, end):
        part = 'object_type' if 'interface' in ends else 'object_id'
        return f'{end}_{part}'

    def test_rest(self):
        edge = make.make_dependency(self.cis['service'], self.cis['device'])
        self.before = self.everything()
        for ends, end in self.cases:
            body, field = self.body(ends), self.at_fault(ends, end)
            with self.subTest(ends=ends, by='post'):
                status, data = self.rest.post('dependencies/', body)
                self.assertEqual((status, set(data)), (400, {field}), data)
            with self.subTest(ends=ends, by='put'):
                status, data = self.rest.put(f'dependencies/{edge.pk}/', body)
                self.assertEqual((status, set(data)), (400, {field}), data)
            with self.subTest(ends=ends, by='bulk post'):
                status, data = self.rest.post('dependencies/', [self.body(('vm', 'device')), body])
                self.assertEqual(status, 400, data)
                self.assertIn(field, json.dumps(data))
            with self.subTest(ends=ends, by='bulk patch'):
                status, data = self.rest.patch('dependencies/', [{'id': edge.pk, **body}])
                self.assertEqual(status, 400, data)
                self.assertIn(field, json.dumps(data))
            self.assertUnchanged()

    def test_an_invisible_ci_answers_like_a_missing_one(self):
        """Also where the dependency is recorded already, and where it would be of a CI on itself."""
        make.make_dependency(self.cis['vm'], self.cis['hidden'])
        for place in (0, 1):
            answers = []
            for which in ('hidden', 'missing'):
                ends = ['vm', 'vm']
                ends[place] = which
                status, data = self.rest.post('dependencies/', self.body(ends))
                answers.append((status, json.dumps(data).replace(str(self.named(which)[1]), 'N')))
            self.assertEqual(*answers)

    def test_rest_nonsense(self):
        good = self.body(('vm', 'device'))
        for field, value in (
            *((f'{end}_object_id', value) for end in ('dependent', 'provider')
              for value in (None, 'x', -1, 0, 10**30, [1], {}, '')),
            *((f'{end}_object_type', value) for end in ('dependent', 'provider')
              for value in (None, 'x', 7, [], {}, 'dcim.nope', 'dcim.interface', '')),
            ('holds_data', 'maybe'), ('redundancy_group', 'x' * 51), ('redundancy_group', None),
        ):
            with self.subTest(field=field, value=value):
                status, data = self.rest.post('dependencies/', {**good, field: value})
                self.assertEqual((status, set(data)), (400, {field}), data)
        for missing in good:
            with self.subTest(missing=missing):
                status, data = self.rest.post('dependencies/', {k: v for k, v in good.items() if k != missing})
                self.assertEqual((status, set(data)), (400, {missing}), data)
        self.assertUnchanged()

    def form_data(self, ends):
        data = {}
        for end, which in zip(('dependent', 'provider'), ends, strict=True):
            label, pk = self.named(which)
            data |= {
                f'{end}_content_type': ContentType.objects.get_by_natural_key(*label.split('.')).pk,
                f'{end}_object_id': pk,
            }
        return data

    def test_form(self):
        edge = make.make_dependency(self.cis['service'], self.cis['device'])
        self.before = self.everything()
        for url in (
            reverse('plugins:netbox_ims:dependency_add'), reverse('plugins:netbox_ims:dependency_edit', args=[edge.pk]),
        ):
            for ends, end in self.cases:
                with self.subTest(url=url, ends=ends):
                    response = self.client.post(url, self.form_data(ends))
                    self.assertEqual(response.status_code, 200)
                    errors = response.context['form'].errors
                    self.assertIn(end, errors)
                    self.assertEqual(errors.keys() - {'dependent', 'provider'}, set())
                    self.assertNotIn('hidden', str(errors))
                    self.assertUnchanged()
            for values in ({}, {'dependent_content_type': 'x', 'dependent_object_id': 'y'}):
                response = self.client.post(url, values)
                self.assertEqual(set(response.context['form'].errors), {'dependent', 'provider'})
            self.assertUnchanged()

    def import_records(self, records, **options):
        return self.client.post(reverse('plugins:netbox_ims:dependency_bulk_import'), {
            'data': json.dumps(records), 'format': 'json', 'csv_delimiter': 'auto', 'import_method': 'direct',
            **options,
        })

    def test_import(self):
        for ends, end in self.cases:
            with self.subTest(ends=ends):
                response = self.import_records([self.body(('vm', 'device')), self.body(ends)])
                self.assertEqual(response.status_code, 200)
                self.assertContains(response, self.at_fault(ends, end))
                self.assertContains(response, '2')
                self.assertUnchanged()

    def test_import_by_name(self):
        make.make_vm('twice', site=self.cis['site'])
        make.make_vm('twice', site=make.make_site('Paris'))
        vm = {'dependent_object_type': LABELS['vm'], 'dependent_object_name': 'vm'}
        for provider, field in (
            ({'provider_object_type': LABELS['device'], 'provider_object_name': 'hidden'}, 'provider_object_name'),
            ({'provider_object_type': LABELS['device'], 'provider_object_name': 'nope'}, 'provider_object_name'),
            ({'provider_object_type': LABELS['vm'], 'provider_object_name': 'twice'}, 'provider_object_name'),
            ({'provider_object_type': LABELS['device']}, 'provider_object_id'),
            ({'provider_object_type': 'dcim.interface', 'provider_object_name': 'eth0'}, 'provider_object_type'),
            ({'provider_object_type': 7, 'provider_object_name': 'device'}, 'provider_object_type'),
            ({'provider_object_name': 'device'}, 'provider_object_type'),
            (
                {
                    'provider_object_type': LABELS['device'], 'provider_object_name': 'device',
                    'provider_object_id': self.cis['hidden'].pk,
                },
                'provider_object_name',
            ),
            ({'provider_object_type': LABELS['vm'], 'provider_object_name': 'vm'}, 'provider_object_id'),
        ):
            with self.subTest(provider=provider):
                response = self.import_records([{**vm, **provider}])
                self.assertContains(response, field)
                self.assertUnchanged()
        found = {'provider_object_type': LABELS['vm'], 'provider_object_name': 'twice', 'provider_site': 'paris'}
        self.assertEqual(self.import_records([{**vm, **found}]).status_code, 302)
        self.assertEqual(Dependency.objects.latest('pk').provider.site.name, 'Paris')

    def test_import_that_updates(self):
        """Only the fields that are named change, and what they name must be visible too."""
        edge = make.make_dependency(self.cis['service'], self.cis['device'])
        self.before = self.everything()
        service, hidden = self.cis['service'], self.cis['hidden']
        for values in (
            {'provider_object_id': hidden.pk},                              # of the type it has
            {'provider_object_name': 'hidden'},
            {'provider_object_type': LABELS['vm']},                         # which one?
            {'provider_object_type': LABELS['vm'], 'provider_object_id': self.cis['vm'].pk},    # recorded already
            {'provider_object_type': LABELS['service'], 'provider_object_name': service.name},  # itself
            {'provider_object_type': '', 'provider_object_id': ''},
        ):
            with self.subTest(values=values):
                response = self.import_records([{'id': edge.pk, **values}])
                self.assertEqual(response.status_code, 200)
                self.assertUnchanged()
        other = make.make_device('other', site=self.cis['site'])
        self.assertEqual(self.import_records([{'id': edge.pk, 'provider_object_name': 'other'}]).status_code, 302)
        edge = Dependency.objects.get(pk=edge.pk)
        self.assertEqual((edge.provider, edge.dependent), (other, service))

    def test_bulk_edit(self):
        response = self.client.post(reverse('plugins:netbox_ims:dependency_bulk_edit'), {
            'pk': [self.before[0]['id']], '_apply': '1', 'redundancy_group': 'x' * 51,
        })
        self.assertContains(response, '50')
        self.assertUnchanged()


class ProfileImportTestCase(TestCase):
    """The same mixin names the CI of a profile."""

    @classmethod
    def setUpTestData(cls):
        cls.device, cls.hidden = make.make_device('device', site=make.make_site('Berlin')), make.make_device('hidden')
        cls.profile = make.make_profile(cls.device, rto_minutes=5)
        cls.user = make.make_user(*(f'netbox_ims.{action}_assetprofile' for action in ('view', 'add', 'change')))
        make.grant(cls.user, 'dcim.view_device', constraints={'site__slug': 'berlin'})

    def test_an_update_by_id_alone_may_not_lead_to_a_ci_one_may_not_see(self):
        self.client.force_login(self.user)
        for values in (
            {'object_id': self.hidden.pk}, {'object_id': self.hidden.pk + 10**6}, {'classification_override': 'true'},
        ):
            with self.subTest(values=values):
                response = self.client.post(reverse('plugins:netbox_ims:assetprofile_bulk_import'), {
                    'data': json.dumps([{'id': self.profile.pk, **values}]), 'format': 'json',
                    'csv_delimiter': 'auto', 'import_method': 'direct',
                })
                self.assertEqual(response.status_code, 200)
                profile = AssetProfile.objects.get()
                self.assertEqual((profile.object_id, profile.classification_override), (self.device.pk, False))
