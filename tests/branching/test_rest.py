"""REST, GraphQL and pages in a branch."""
from netbox_ims.core_integration.branching import Schema
from netbox_ims.models import AssetProfile, StaleMark
from netbox_ims.services.derive import settle
from tests import factories as make
from tests.base import RestClient

from .base import BranchTestCase


class RequestsTest(BranchTestCase):

    def test_requests_in_a_branch(self):
        internal, secret = make.make_classification('Internal'), make.make_classification('Secret')
        device, other = make.make_device('core'), make.make_device('edge')
        make.make_profile(other, classification=internal)
        branch = self.make_branch()
        main, there = RestClient(self.user), RestClient(self.user)
        there.header['HTTP_X_NETBOX_BRANCH'] = branch.schema_id
        settle()
        before = self.register()

        def register(client):
            status, data = client.get('register/', object_type='dcim.device')
            self.assertEqual(status, 200)
            return {row['name']: row['classification'] and row['classification']['slug'] for row in data['results']}

        status, data = there.post('/api/dcim/devices/', {
            'name': 'new', 'site': device.site_id, 'role': device.role_id, 'device_type': device.device_type_id,
        })
        self.assertEqual(status, 201, data)
        new = data['id']
        self.assertEqual(there.patch(f'/api/dcim/devices/{device.pk}/', {'name': 'renamed'})[0], 200)
        status, data = there.post('asset-profiles/', {
            'object_type': 'dcim.device', 'object_id': new, 'classification': secret.pk,
        })
        self.assertEqual(status, 201, data)
        # A CI of the branch is none in main
        status, data = main.post('asset-profiles/', {
            'object_type': 'dcim.device', 'object_id': new, 'classification': secret.pk,
        })
        self.assertEqual(status, 400, data)
        profile = AssetProfile.objects.get(object_id=other.pk)
        self.assertEqual(there.patch(f'asset-profiles/{profile.pk}/', {'classification': secret.pk})[0], 200)

        # What follows from it was worked out within the request, in the branch that the request was in
        with Schema(branch).active():
            self.assertFalse(StaleMark.objects.exists())
        self.assertEqual(self.entry(other, branch).effective_classification_id, secret.pk)
        self.assertEqual(register(there), {'renamed': None, 'edge': 'secret', 'new': 'secret'})
        self.assertEqual(register(main), {'core': None, 'edge': 'internal'})
        query = '{ ims_register_entry_list(filters: {name: {exact: "new"}}) { name } }'
        self.assertEqual(there.graphql(query)[0]['ims_register_entry_list'], [{'name': 'new'}])
        self.assertEqual(main.graphql(query)[0]['ims_register_entry_list'], [])
        self.assertEqual(self.register(), before)
        self.assertEqual(self.decisions(other), [('assessed', '', '')])

        self.client.force_login(self.user)
        page = '/plugins/ims/register/'
        self.assertContains(self.client.get(page, {'_branch': branch.schema_id}), 'renamed')
        self.assertNotContains(self.client.get(page, {'_branch': ''}), 'renamed')

        self.assertEqual(there.delete(f'/api/dcim/devices/{other.pk}/')[0], 204)
        self.assertEqual(register(there), {'renamed': None, 'new': 'secret'})
        self.assertEqual(self.register(), before)
        self.assertRight(branch)
        self.merge(branch)
        self.assertEqual(register(main), {'renamed': None, 'new': 'secret'})
        self.assertRight(branch)
