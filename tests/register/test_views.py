"""
Every page of the register's models, by NetBox's own generic tests; what is particular to a page follows below them.
"""
import csv
import io
from datetime import date
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.test import TestCase
from django.urls import reverse

from core.models import ObjectType
from users.models import ObjectPermission
from utilities.testing import create_tags

from netbox_ims.choices import InformationAssetStatusChoices
from netbox_ims.models import AssetProfile, Classification, Decision, InformationAsset, RegisterEntry, RetiredCI
from netbox_ims.services.derive import settle
from tests import factories as make
from tests.base import CIVisibleMixin, IMSViewTestCases, count_rows


class ClassificationViewTestCase(IMSViewTestCases.NamedViewTestCase):
    model = Classification

    @classmethod
    def setUpTestData(cls):
        first, second, third = (make.make_classification(level=level) for level in (10, 20, 30))
        controls = make.make_catalog('Annex', slug='annex', controls=('A.1', 'A.2')).controls.all()
        make.make_catalog('Own', slug='own', controls=('A.1',))
        tags = create_tags('Alpha', 'Bravo')
        cls.form_data = {
            'required_controls': [controls[0].pk],
            'name': 'Strictly confidential', 'slug': 'strictly-confidential', 'level': 40, 'color': 'ff0000',
            'description': 'For few eyes', 'handling': '**Never** by mail', 'review_interval_days': 180,
            'requires_security_review': True, 'comments': 'Since 2024', 'tags': [tag.pk for tag in tags],
        }
        cls.csv_data = (
            'name,slug,level,color,handling,review_interval_days,requires_security_review,required_controls',
            'Four,four,4,00ff00,Anywhere,365,false,A.2',
            'Five,five,5,00ff00,,,true,"annex:A.1, A.2"',
            'Six,six,6,00ff00,,30,,',
        )
        cls.csv_update_data = (
            'id,name,level,description',
            f'{first.pk},First,11,New description 1',
            f'{second.pk},Second,21,New description 2',
            f'{third.pk},Third,31,New description 3',
        )
        cls.bulk_edit_data = {
            'description': 'Edited together', 'color': 'abcdef', 'handling': 'In the safe', 'review_interval_days': 90,
            'requires_security_review': True, 'required_controls': [control.pk for control in controls],
        }

    def test_a_reference_of_several_catalogs_is_refused(self):
        self.add_permissions(*(f'netbox_ims.{name}' for name in (
            'add_classification', 'view_classification', 'view_control'
        )))
        for refs, said in (('A.1', 'annex:A.1, own:A.1'), ('A.9', 'There is no control A.9'), ('own:A.2', 'own:A.2')):
            response = self.client.post(self._get_url('bulk_import'), {
                'data': f'name,slug,level,color,required_controls\nX,x,77,00ff00,{refs}', 'format': 'csv',
                'csv_delimiter': 'auto', 'import_method': 'direct',
            })
            self.assertContains(response, said, msg_prefix=refs)
        self.assertFalse(Classification.objects.filter(slug='x').exists())


class InformationAssetViewTestCase(IMSViewTestCases.NamedViewTestCase):
    model = InformationAsset

    @classmethod
    def setUpTestData(cls):
        first, second, third = (make.make_information_asset() for _ in range(3))
        custodian = make.make_contact('Ada')
        tags = create_tags('Alpha', 'Bravo')
        cls.form_data = {
            'name': 'Customer records', 'slug': 'customer-records',
            'status': InformationAssetStatusChoices.STATUS_PLANNED,
            'custodian': custodian.pk, 'description': 'Who buys what', 'comments': 'Kept ten years',
            'tags': [tag.pk for tag in tags],
        }
        cls.csv_data = (
            'name,slug,status,custodian,description',
            'Contracts,contracts,active,Ada,Signed ones',
            'Source code,source-code,planned,,',
            'Payroll,payroll,,Ada,',
        )
        cls.csv_update_data = (
            'id,name,status,description',
            f'{first.pk},First,retired,New description 1',
            f'{second.pk},Second,active,New description 2',
            f'{third.pk},Third,planned,New description 3',
        )
        cls.bulk_edit_data = {
            'status': InformationAssetStatusChoices.STATUS_RETIRED, 'custodian': custodian.pk,
            'description': 'Edited together',
        }


class AssetProfileViewTestCase(CIVisibleMixin, IMSViewTestCases.WritableViewTestCase):
    model = AssetProfile

    @classmethod
    def setUpTestData(cls):
        site = make.make_site()
        classification = make.make_classification('Secret', level=30)
        owner = make.make_contact('Ada')
        profiles = [
            make.make_profile(ci, classification=classification, confidentiality=1)
            for ci in (make.make_device(site=site), make.make_vm(site=site), make.make_rack(site=site))
        ]
        free = make.make_device(site=site, name='free')
        others = [make.make_device(site=site), make.make_vm(site=site), make.make_service(parent=free)]
        tags = create_tags('Alpha', 'Bravo')
        cls.form_data = {
            'object_content_type': ObjectType.objects.get_for_model(free).pk, 'object_object_id': free.pk,
            'classification': classification.pk, 'confidentiality': 4, 'integrity': 3, 'availability': 2,
            'is_information_asset': True, 'handles_sensitive_data': False, 'processes_personal_data': True,
            'data_categories': 'payroll', 'rto_minutes': 240, 'rpo_minutes': 0, 'asset_owner': owner.pk,
            'last_reviewed': date(2024, 2, 29), 'review_due': date(2030, 1, 1), 'classification_override': True,
            'override_justification': 'Agreed with legal', 'description': 'A profile', 'comments': 'A comment',
            'tags': [tag.pk for tag in tags],
        }
        cls.csv_data = {
            'default': (
                'object_type,object_id,classification,rto_minutes,rpo_minutes,processes_personal_data,asset_owner,last_reviewed',
                f'dcim.device,{others[0].pk},secret,4h,1d 6h,true,Ada,2024-02-29',
                f'virtualization.virtualmachine,{others[1].pk},,0,,false,,',
                f'ipam.service,{others[2].pk},secret,90,15m,,,',
            ),
            'by name': (
                'object_type,object_name,site,classification,classification_override,override_justification',
                f'dcim.device,{others[0].name},,secret,true,Because',
                f'virtualization.virtualmachine,{others[1].name},{site.slug},secret,,',
                f'ipam.service,{others[2].name},{site.name},,,',
            ),
        }
        cls.csv_update_data = (
            'id,data_categories,description,rto_minutes',
            f'{profiles[0].pk},contracts,New description 1,30',
            f'{profiles[1].pk},payroll,New description 2,60',
            f'{profiles[2].pk},source code,New description 3,0',
        )
        cls.bulk_edit_data = {
            'confidentiality': 3, 'classification': classification.pk, 'integrity': 2, 'availability': 4,
            'is_information_asset': True, 'handles_sensitive_data': False, 'processes_personal_data': True,
            'data_categories': 'all of it', 'rto_minutes': 90, 'rpo_minutes': 0, 'asset_owner': owner.pk,
            'last_reviewed': date(2024, 2, 29), 'review_due': date(2031, 1, 1), 'description': 'Edited together',
        }


class EvidenceOfCIs:
    """Three devices of which one is classified, one has a profile, and none is gone; and three that are."""

    @classmethod
    def setUpTestData(cls):
        cls.site = make.make_site('Berlin')
        cls.secret = make.make_classification('Secret', level=30)
        cls.owner = make.make_contact('Ada')
        cls.devices = [make.make_device(f'device {n}', site=cls.site) for n in range(3)]
        for n, device in enumerate(cls.devices):
            make.make_profile(device, classification=cls.secret, rto_minutes=n, asset_owner=cls.owner)
        for n in range(3):
            gone = make.make_device(f'gone {n}', site=cls.site)
            make.make_profile(gone, classification=cls.secret, processes_personal_data=True)
            gone.delete()
        settle()


class RegisterEntryViewTestCase(EvidenceOfCIs, IMSViewTestCases.ReadOnlyViewTestCase):
    model = RegisterEntry

    def test_list_objects_with_constrained_permission(self):
        # The names in the list lead to the CIs' own pages.
        shown, hidden = (entry.object for entry in RegisterEntry.objects.filter(name__in=['device 0', 'device 1']))
        permission = ObjectPermission.objects.create(name='One', constraints={'name': shown.name}, actions=['view'])
        permission.users.add(self.user)
        permission.object_types.add(ObjectType.objects.get_for_model(self.model))
        response = self.client.get(self._get_url('list'))
        self.assertContains(response, shown.get_absolute_url())
        self.assertNotContains(response, hidden.get_absolute_url())

    def test_export_says_unknown_in_words(self):
        RegisterEntry.objects.filter(name='device 0').update(
            handles_sensitive_data=False, effective_handles_sensitive_data=False, effective_complete=True
        )
        self.add_permissions('netbox_ims.view_registerentry', 'tenancy.view_contact')
        response = self.client.get(f"{self._get_url('list')}?export&name=device 0")
        (row,) = csv.DictReader(io.StringIO(response.content.decode().removeprefix('\ufeff')))
        self.assertEqual(
            {key: row[key] for key in (
                'Type', 'Name', 'Classification (effective)', 'Flags', 'Sensitive data', 'Personal data', 'RTO', 'RPO',
                'Asset owner',
                'Site', 'Status', 'Next review',
            )},
            {
                'Type': 'dcim.device', 'Name': 'device 0', 'Classification (effective)': 'Secret',
                'Flags': 'sensitive: no, personal: unknown', 'Sensitive data': 'false', 'Personal data': 'unknown',
                'RTO': '0m', 'RPO': '', 'Asset owner': 'Ada', 'Site': 'Berlin', 'Status': 'Active', 'Next review': '',
            },
        )

    def test_a_row_without_a_name(self):
        nameless = make.make_device(None, site=self.site)
        self.add_permissions('netbox_ims.view_registerentry')
        response = self.client.get(self._get_url('list'), {'device_id': nameless.pk})
        self.assertContains(response, f'Unnamed Device {nameless.pk}')
        self.assertEqual(count_rows(response), 1)


class DecisionViewTestCase(EvidenceOfCIs, IMSViewTestCases.ReadOnlyViewTestCase):
    model = Decision

    def test_a_decision_is_shown_in_words(self):
        decision = Decision.objects.filter(name='device 0').get()
        self.add_permissions('netbox_ims.view_decision')
        response = self.client.get(decision.get_absolute_url())
        for text in ('Classification', 'unknown', 'secret', 'RTO', '0m', 'Asset owner', 'Ada'):
            self.assertContains(response, text)


class RetiredCIViewTestCase(EvidenceOfCIs, IMSViewTestCases.ReadOnlyViewTestCase):
    model = RetiredCI

    def test_what_was_known_is_shown(self):
        retired = RetiredCI.objects.filter(name='gone 0').get()
        self.add_permissions('netbox_ims.view_retiredci')
        response = self.client.get(retired.get_absolute_url())
        for text in ('gone 0', 'Berlin', 'secret', 'Personal data', 'yes'):
            self.assertContains(response, text)
        self.assertNotContains(response, reverse('plugins:netbox_ims:retiredci_restore', args=[retired.pk]))

    def test_restoring(self):
        retired = RetiredCI.objects.filter(name='gone 0').get()
        url = reverse('plugins:netbox_ims:retiredci_restore', args=[retired.pk])
        rebuilt = make.make_device('rebuilt', site=self.site)
        self.add_permissions('netbox_ims.view_retiredci')
        self.assertHttpStatus(self.client.get(url), 403)
        self.assertHttpStatus(self.client.post(url, {'ci': rebuilt.pk}), 403)
        self.add_permissions('netbox_ims.add_assetprofile')
        self.assertContains(self.client.get(retired.get_absolute_url()), url)
        self.assertHttpStatus(self.client.get(url), 200)
        for wrong in ('', 'x', 0, 10**30, make.make_rack(site=self.site).pk + 10**6, self.devices[0].pk):
            with self.subTest(ci=wrong):
                response = self.client.post(url, {'ci': wrong})
                self.assertHttpStatus(response, 200)
                self.assertTrue(response.context['form'].errors)
        self.assertFalse(AssetProfile.objects.filter(object_id=rebuilt.pk, object_type__model='device').exists())
        self.assertHttpStatus(self.client.post(url, {'ci': rebuilt.pk}), 302)
        profile = AssetProfile.objects.get(object_id=rebuilt.pk, object_type__model='device')
        self.assertEqual((profile.classification, profile.processes_personal_data), (self.secret, True))


class NavigationTestCase(CIVisibleMixin, TestCase):
    """Pages beside those of the models."""
    model = None

    def setUp(self):
        self.user = make.make_user()
        super().setUp()
        self.client.force_login(self.user)

    def test_menu_follows_permissions(self):
        links = [reverse(f'plugins:netbox_ims:{name}') for name in (
            'overview', 'registerentry_list', 'informationasset_list', 'assetprofile_list', 'classification_list',
            'businessfunction_list', 'itservice_list', 'dependency_list', 'decision_list', 'retiredci_list',
        )]
        home = self.client.get(reverse('home')).content.decode()
        self.assertEqual(
            [link for link in links if f'href="{link}"' in home],
            [
                reverse(f'plugins:netbox_ims:{name}_list')
                for name in ('informationasset', 'businessfunction', 'itservice')
            ],
        )
        make.grant(
            self.user,
            *(
                f'netbox_ims.view_{model}'
                for model in ('registerentry', 'assetprofile', 'classification', 'decision', 'retiredci', 'dependency')
            ),
        )
        home = self.client.get(reverse('home')).content.decode()
        self.assertEqual([link for link in links if f'href="{link}"' in home], links)

    def test_root_leads_to_the_overview(self):
        self.assertRedirects(
            self.client.get('/plugins/ims/'), reverse('plugins:netbox_ims:overview'), fetch_redirect_response=False
        )

    def test_overview_needs_permission(self):
        url = reverse('plugins:netbox_ims:overview')
        self.assertEqual(self.client.get(url).status_code, 403)
        self.client.logout()
        self.assertEqual(self.client.get(url).status_code, 302)

    def test_overview_without_any_ci(self):
        make.grant(self.user, 'netbox_ims.view_registerentry')
        for by in ('type', 'site', 'tenant', 'nonsense', ''):
            with self.subTest(by=by):
                self.assertContains(
                    self.client.get(reverse('plugins:netbox_ims:overview'), {'by': by}), 'No CIs to show'
                )

    def test_loading_the_defaults(self):
        url = reverse('plugins:netbox_ims:load_reference_data')
        self.assertEqual(self.client.post(url).status_code, 403)
        self.assertEqual(Classification.objects.count(), 0)
        make.grant(self.user, 'netbox_ims.view_classification', *(
            f'netbox_ims.add_{model}'
            for model in ('classification', 'standard', 'clause', 'controlcatalog', 'control', 'riskmatrix')
        ))
        self.client.get(url)
        self.assertEqual(Classification.objects.count(), 0)
        for _ in range(2):
            self.assertRedirects(self.client.post(url), reverse('plugins:netbox_ims:classification_list'))
            self.assertEqual(
                list(Classification.objects.values_list('slug', 'level')),
                [('public', 10), ('internal', 20), ('confidential', 30)],
            )

    def test_a_classify_link_names_the_ci(self):
        """The link on a CI's page opens the form with that CI chosen."""
        make.grant(self.user, 'netbox_ims.add_assetprofile')
        device = make.make_device('to be classified')
        response = self.client.get(reverse('plugins:netbox_ims:assetprofile_add'), {
            'object_content_type': ContentType.objects.get_for_model(device).pk, 'object_object_id': device.pk,
        })
        self.assertContains(response, 'to be classified')

    def test_pages_of_what_is_not_there(self):
        make.grant(
            self.user,
            *(
                f'netbox_ims.view_{model}'
                for model in ('registerentry', 'assetprofile', 'classification', 'decision', 'retiredci', 'dependency')
            ),
        )
        for path in (
            'register', 'asset-profiles', 'classifications', 'decisions', 'retired-cis', 'information-assets',
            'business-functions', 'it-services', 'dependencies',
        ):
            for pk in (0, 2_147_483_648, 9_223_372_036_854_775_807, 10**30):
                with self.subTest(path=path, pk=pk):
                    self.assertEqual(self.client.get(f'/plugins/ims/{path}/{pk}/').status_code, 404)

    def test_a_page_can_show_what_the_last_request_changed(self):
        make.grant(self.user, 'netbox_ims.view_assetprofile')
        response = self.client.get(
            reverse('plugins:netbox_ims:assetprofile_list'), {'modified_by_request': str(uuid4())}
        )
        self.assertEqual(response.status_code, 200)
