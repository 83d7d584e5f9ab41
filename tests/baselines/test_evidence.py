"""A baseline says what the register said, follows the one before it, and can't be altered unnoticed."""
import json
import threading
import zlib
from datetime import date
from io import StringIO
from urllib.parse import urlencode

from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import TestCase, TransactionTestCase
from django.urls import reverse
from django.utils import timezone

from netbox_ims.models import Baseline, BaselineBlock, RegisterEntry
from netbox_ims.rules.baseline_check import CHAIN, COUNT, HEADER, ROW, ROWS
from netbox_ims.services.baselines import lines_of, sealed_rows, take_baseline, verify
from netbox_ims.services.derive import settle
from tests import factories as make
from tests.base import RestClient, disable_warnings
from tests.history.past import days_ago, grow_old, joined, said_until
from tests.register.test_jobs import tamper


def rows_of(baseline):
    return [json.loads(line) for line, _digest in sealed_rows(baseline)]


def rewrite(baseline, old, new):
    """Change a text in the rows of a baseline, as somebody with the database's own administrator might."""
    for block in BaselineBlock.objects.filter(baseline=baseline):
        lines = zlib.compress(zlib.decompress(bytes(block.lines)).replace(old.encode(), new.encode()))
        tamper('UPDATE netbox_ims_baselineblock SET lines = %s WHERE id = %s', [lines, block.pk])


class EvidenceTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.admin = make.make_user(is_superuser=True, username='ada')
        cls.site = make.make_site('Berlin', slug='berlin')
        cls.device = make.make_device('srv-1', cls.site)
        cls.vm = make.make_vm('vm-1', site=cls.site)
        make.make_profile(
            cls.device, classification=make.make_classification(slug='secret'), processes_personal_data=True,
            handles_sensitive_data=False, rto_minutes=0, asset_owner=make.make_contact('Carol'),
            review_due=date(2031, 1, 1)
        )
        settle()
        cls.baseline = take_baseline('First', cls.admin, reason='Audit')


class ContentTest(EvidenceTestCase):
    maxDiff = None

    def test_a_row_says_what_the_register_says_by_name(self):
        rows = {(row['object_type'], row['object_id']): row for row in rows_of(self.baseline)}
        self.assertEqual(len(rows), RegisterEntry.objects.count())
        self.assertEqual(rows['dcim.device', self.device.pk], {
            'object_type': 'dcim.device', 'object_id': self.device.pk, 'name': 'srv-1', 'site': 'Berlin',
            'tenant': None, 'role': self.device.role.name, 'status': 'active', 'classification': 'secret',
            'is_information_asset': None, 'handles_sensitive_data': False, 'processes_personal_data': True,
            'rto_minutes': 0, 'rpo_minutes': None, 'asset_owner': 'Carol', 'review_due': '2031-01-01',
            'classification_override': False, 'effective_classification': 'secret', 'effective_complete': True,
            'effective_handles_sensitive_data': False, 'effective_processes_personal_data': True,
            'required_rto_minutes': None, 'required_rpo_minutes': None, 'effective_rto_minutes': 0,
            'effective_rpo_minutes': None, 'under_classified': False, 'alignment': 'undetermined',
        })

    def test_it_stays_as_it_was(self):
        before = rows_of(self.baseline)
        self.device.name = 'renamed'
        self.device.save()
        self.vm.delete()
        self.assertEqual(rows_of(self.baseline), before)
        self.assertEqual(verify(self.baseline), [])

    def test_a_filter_narrows_it(self):
        baseline = take_baseline('Devices', self.admin, filter={'object_type': ['dcim.device']})
        self.assertEqual([row['name'] for row in rows_of(baseline)], ['srv-1'])
        self.assertEqual(baseline.figures['object_type'], {'dcim.device': 1})

    def test_none_at_all(self):
        baseline = take_baseline('None', self.admin, filter={'name': ['nobody']})
        self.assertEqual((baseline.rows, rows_of(baseline), verify(baseline)), (0, [], []))

    def test_more_than_one_block(self):
        size, BaselineBlock.SIZE = BaselineBlock.SIZE, 2
        self.addCleanup(setattr, BaselineBlock, 'SIZE', size)
        for number in range(5):
            make.make_rack(f'rack-{number}', self.site)
        baseline = take_baseline('Blocks', self.admin)
        self.assertEqual(baseline.blocks.count(), (baseline.rows + 1) // 2)
        self.assertEqual(verify(baseline), [])
        everything = rows_of(baseline)
        for start, stop in ((0, 1), (0, 2), (1, 3), (1, 6), (3, 4), (0, len(everything)), (6, 100)):
            with self.subTest(start=start, stop=stop):
                self.assertEqual(lines_of(baseline, start, stop), everything[start:stop])

    def test_queries_do_not_grow_with_rows(self):
        with self.assertNumQueries(self.queries(1)):
            take_baseline('Some', self.admin)
        for _ in range(20):
            make.make_device(site=self.site)
        with self.assertNumQueries(self.queries(1)):
            take_baseline('More', self.admin)

    @staticmethod
    def queries(blocks):
        # savepoint, id, names, rows, blocks, lock, last, insert, what is searched for, release
        return 9 + blocks


class AsOfTest(EvidenceTestCase):
    """Of the past it holds what the register said then, under the names that things had then."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        grow_old()
        said_until(cls.device, days_ago(10), name='srv-old', classification_id=None, site_id=cls.site.pk)
        joined(cls.vm, days_ago(5))
        tamper("UPDATE netbox_ims_registername SET name = 'West Berlin' WHERE name = 'Berlin'")

    def test_as_of(self):
        moment = days_ago(20)
        baseline = take_baseline('Then', self.admin, as_of=moment)
        device, = (row for row in rows_of(baseline) if row['object_type'] == 'dcim.device')
        self.assertEqual(
            (device['name'], device['classification'], device['site'], baseline.as_of, baseline.rows),
            ('srv-old', None, 'West Berlin', moment, 2)
        )
        self.assertEqual(verify(baseline), [])
        narrowed = take_baseline('Then', self.admin, moment, {'classification': ['null'], 'name': ['srv-old']})
        self.assertEqual([row['name'] for row in rows_of(narrowed)], ['srv-old'])

    def test_over_rest(self):
        rest, day = RestClient(self.admin), timezone.localdate(days_ago(20)).isoformat()
        status, data = rest.post('baselines/', {'name': 'Then', 'as_of': day, 'filter': {'name': 'srv-old'}})
        self.assertEqual((status, data['rows'], data['as_of'][:16]), (201, 1, f'{day}T23:59'))
        for as_of in ('1999-12-31', '2999-12-31', 'yesterday'):
            with self.subTest(as_of=as_of):
                status, data = rest.post('baselines/', {'name': 'x', 'as_of': as_of, 'filter': {'sit': 'x'}})
                self.assertEqual((status, list(data)), (400, ['as_of']))
        status, data = rest.post('baselines/', {'name': 'x', 'as_of': day, 'filter': {'site': 'nowhere'}})
        self.assertEqual((status, list(data)), (400, ['filter']))

    def test_from_the_list_as_of_a_date(self):
        self.client.force_login(self.admin)
        page = self.client.get(reverse('plugins:netbox_ims:baseline_add'), {'filter': 'site=berlin&as_of=2026-10-01'})
        self.assertContains(page, 'value="2026-10-01 23:59:59"')
        self.assertNotIn('as_of', page.context['form'].initial['filter'])

    def take(self, **values):
        self.client.force_login(self.admin)
        return self.client.post(reverse('plugins:netbox_ims:baseline_add'), {'name': 'Pasted', **values})

    def test_a_moment_among_the_filters_is_the_moment(self):
        moment = days_ago(20)
        address = f'/plugins/ims/register/?{urlencode({"as_of": moment.isoformat(), "object_type": "dcim.device"})}'
        for values in (
            {'filter': address}, {'filter': json.dumps({'as_of': moment.isoformat(), 'object_type': 'dcim.device'})},
            {'filter': address, 'as_of': moment.isoformat()},
        ):
            with self.subTest(values=values):
                self.assertEqual(self.take(**values).status_code, 302)
                taken = Baseline.objects.first()
                self.assertEqual((taken.as_of, taken.rows), (moment, 1))
                self.assertEqual(taken.filter, {'object_type': ['dcim.device']})
        refused = self.take(filter=address, as_of=days_ago(30).isoformat())
        self.assertIn('another moment', refused.context['form'].errors['filter'][0])
        self.assertIn('is no date', self.take(filter='as_of=soon').context['form'].errors['filter'][0])
        self.assertEqual(Baseline.objects.count(), 4)

    def test_over_rest_the_moment_is_no_filter(self):
        for as_of in ({}, {'as_of': days_ago(20).isoformat()}):
            status, data = RestClient(self.admin).post('baselines/', {
                'name': 'x', 'filter': {'as_of': days_ago(20).isoformat()}, **as_of
            })
            self.assertEqual((status, list(data)), (400, ['filter']))
            self.assertIn('as_of', data['filter'][0])

    def test_what_is_no_object_is_refused(self):
        for text in ('[]', 'null', '0', 'false', '""'):
            with self.subTest(text=text):
                self.assertIn('filter', self.take(filter=text).context['form'].errors)
        self.assertEqual(Baseline.objects.count(), 1)

    def test_typed_to_the_second_it_means_its_end(self):
        second = days_ago(20).replace(microsecond=0)
        joined(self.vm, second.replace(microsecond=500000))
        for as_of, rows in (
            (f'{timezone.localtime(second):%Y-%m-%d %H:%M:%S}', 3), (f'{second.isoformat()}', 3),
            (second.isoformat(timespec='microseconds'), 2),
        ):
            with self.subTest(as_of=as_of):
                self.take(as_of=as_of)
                self.assertEqual(Baseline.objects.first().rows, rows)
        status, data = RestClient(self.admin).post('baselines/', {'name': 'Exact', 'as_of': second.isoformat()})
        self.assertEqual((status, data['rows']), (201, 2))
        now = timezone.now()
        self.take(as_of=f'{timezone.localtime():%Y-%m-%d %H:%M:%S}')
        self.assertLessEqual(now.replace(microsecond=0), Baseline.objects.first().as_of)
        self.assertLessEqual(Baseline.objects.first().as_of, timezone.now())

    def test_from_the_list_the_moment_stays_exact(self):
        self.client.force_login(self.admin)
        for moment in (days_ago(20), days_ago(20).replace(microsecond=0)):
            query = {'filter': urlencode({'as_of': moment.isoformat()})}
            field = self.client.get(reverse('plugins:netbox_ims:baseline_add'), query).context['form']['as_of']
            self.assertNotIn('datetime-picker', str(field))
            self.take(as_of=field.value())
            self.assertEqual(Baseline.objects.first().as_of, moment)


class ChainTest(EvidenceTestCase):

    def test_each_follows_the_one_before(self):
        chain = [self.baseline, *(take_baseline(f'Next {number}', self.admin) for number in range(3))]
        self.assertEqual([each.number for each in chain], [1, 2, 3, 4])
        self.assertIsNone(chain[0].previous_sha256)
        for before, after in zip(chain, chain[1:], strict=False):
            self.assertEqual(after.previous_sha256, before.sha256)
        self.assertEqual(len({each.sha256 for each in chain}), 4)
        self.assertEqual([verify(each) for each in chain], [[]] * 4)

    def test_the_database_refuses_a_second_first(self):
        with self.assertRaises(IntegrityError), transaction.atomic():
            Baseline.objects.create(
                number=2, name='x', taken_on=self.baseline.taken_on, as_of=self.baseline.as_of, rows=0, audience='{}',
                rows_sha256='0' * 64, sha256='1' * 64,
            )

    def test_whatever_is_done_to_it_is_refused(self):
        for statement in (
            "UPDATE netbox_ims_baseline SET name = 'x'",
            'UPDATE netbox_ims_baseline SET rows = rows + 1',
            "UPDATE netbox_ims_baseline SET audience = '{}'",
            'DELETE FROM netbox_ims_baseline',
            "UPDATE netbox_ims_baselineblock SET lines = ''",
            'DELETE FROM netbox_ims_baselineblock',
            'TRUNCATE netbox_ims_baselineblock',
        ):
            with self.subTest(statement), self.assertRaises(IntegrityError), transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute('SET CONSTRAINTS ALL IMMEDIATE')
                    cursor.execute(statement)
        self.assertEqual(verify(self.baseline), [])


class TamperedTest(EvidenceTestCase):

    def kinds(self, baseline=None):
        baseline = Baseline.objects.get(pk=(baseline or self.baseline).pk)
        return [finding.kind for finding in verify(baseline)]

    def test_a_row_is_named(self):
        rewrite(self.baseline, '"name":"srv-1"', '"name":"other"')
        finding, = verify(self.baseline)
        self.assertEqual(finding.kind, ROW)
        self.assertEqual(finding.names[0], f'other (dcim.device {self.device.pk})')
        self.assertEqual(rows_of(self.baseline)[finding.row - 1]['name'], 'other')

    def test_everything_it_says(self):
        for assignment in (
            "name = 'x'", "reason = ''", "user_name = 'bob'", "taken_on = now()", "as_of = as_of - interval '1 s'",
            """filter = '{"site": ["x"]}'""", "figures = '{}'", 'number = number + 1',
            f"previous_sha256 = '{'0' * 64}', number = 2",
        ):
            with self.subTest(assignment):
                sid = transaction.savepoint()
                tamper(f'UPDATE netbox_ims_baseline SET {assignment}' + (
                    f", previous_sha256 = '{'0' * 64}'" if assignment.startswith('number') else ''
                ))
                self.assertIn(HEADER, self.kinds())
                transaction.savepoint_rollback(sid)
        self.assertEqual(self.kinds(), [])

    def test_rows_gone_and_rows_made_anew(self):
        tamper('UPDATE netbox_ims_baseline SET rows = rows - 1')
        self.assertEqual(self.kinds(), [HEADER, COUNT])
        tamper("UPDATE netbox_ims_baseline SET rows = rows + 1, rows_sha256 = %s", ['0' * 64])
        self.assertEqual(self.kinds(), [HEADER, ROWS])
        tamper('DELETE FROM netbox_ims_baselineblock')
        self.assertEqual(self.kinds(), [HEADER, COUNT])

    def test_what_cannot_be_read(self):
        tamper("UPDATE netbox_ims_baselineblock SET lines = 'rubbish'")
        self.assertIn(ROW, self.kinds())
        self.assertEqual(lines_of(self.baseline, 0, 10), [])

    def test_one_taken_out_of_the_chain(self):
        second, third = (take_baseline(name, self.admin) for name in ('Second', 'Third'))
        tamper('DELETE FROM netbox_ims_baselineblock WHERE baseline_id = %s', [second.pk])
        tamper('DELETE FROM netbox_ims_baseline WHERE id = %s', [second.pk])
        self.assertEqual((self.kinds(), self.kinds(third)), ([], [CHAIN]))
        with self.assertRaisesMessage(CommandError, '1 of 2 baselines'):
            call_command('ims_register', verify=True, stdout=StringIO(), stderr=StringIO())

    def test_one_sealed_anew_breaks_the_next(self):
        second = take_baseline('Second', self.admin)
        tamper('UPDATE netbox_ims_baseline SET sha256 = %s WHERE number = 1', ['0' * 64])
        self.assertEqual((self.kinds(), self.kinds(second)), ([HEADER], [CHAIN]))

    def test_the_command_names_it(self):
        out = StringIO()
        call_command('ims_register', verify=True, stdout=out)
        self.assertIn('1 baselines, each as it was sealed', out.getvalue())
        rewrite(self.baseline, '"name":"srv-1"', '"name":"other"')
        err = StringIO()
        with self.assertRaises(CommandError) as caught:
            call_command('ims_register', verify=True, stdout=StringIO(), stderr=err)
        self.assertEqual(caught.exception.returncode, 1)
        self.assertIn(f'other (dcim.device {self.device.pk})', err.getvalue())

    def test_rest_and_page_name_it(self):
        rewrite(self.baseline, '"name":"srv-1"', '"name":"other"')
        status, data = RestClient(self.admin).get(f'baselines/{self.baseline.pk}/verify/')
        self.assertEqual((status, data['ok']), (200, False))
        self.assertEqual(data['problems'][0]['kind'], 'row')
        self.assertIn('other', data['problems'][0]['message'])
        self.client.force_login(self.admin)
        page = self.client.get(reverse('plugins:netbox_ims:baseline_verify', args=[self.baseline.pk]))
        self.assertContains(page, f'other (dcim.device {self.device.pk})')
        self.assertContains(page, 'Altered')


class RestTest(EvidenceTestCase):

    def setUp(self):
        self.rest = RestClient(self.admin)

    def test_taking_one(self):
        status, data = self.rest.post('baselines/', {
            'name': 'Year end', 'filter': {'site': 'berlin', 'object_type': ['dcim.device']}, 'reason': 'Stage 2',
        })
        self.assertEqual(status, 201)
        baseline = Baseline.objects.get(pk=data['id'])
        self.assertEqual(
            {name: data[name] for name in ('name', 'rows', 'reason', 'user_name', 'number', 'sha256', 'filter')},
            {'name': 'Year end', 'rows': 1, 'reason': 'Stage 2', 'user_name': 'ada', 'number': 2,
             'sha256': baseline.sha256, 'filter': {'site': ['berlin'], 'object_type': ['dcim.device']}},
        )
        self.assertEqual(data['previous_sha256'], self.baseline.sha256)
        self.assertEqual(data['user']['username'], 'ada')
        self.assertEqual(verify(baseline), [])

    def test_several_at_once_are_all_or_none(self):
        status, _data = self.rest.post('baselines/', [{'name': 'a'}, {'name': ''}])
        self.assertEqual((status, Baseline.objects.count()), (400, 1))
        status, data = self.rest.post('baselines/', [{'name': 'a'}, {'name': 'b', 'filter': {'site': 'berlin'}}])
        self.assertEqual((status, [each['number'] for each in data]), (201, [2, 3]))
        self.assertEqual(data[1]['previous_sha256'], data[0]['sha256'])

    def test_what_is_sealed_cannot_be_given(self):
        _status, data = self.rest.post('baselines/', {
            'name': 'x', 'sha256': '0' * 64, 'rows': 99, 'number': 7, 'taken_on': '2020-01-01T00:00:00Z',
            'previous_sha256': '1' * 64, 'user': 1,
        })
        self.assertEqual((data['rows'], data['number']), (self.baseline.rows, 2))
        self.assertEqual(verify(Baseline.objects.get(pk=data['id'])), [])

    def test_bad_input_is_a_field_error(self):
        for body, field in (
            ({}, 'name'), ({'name': ''}, 'name'), ({'name': None}, 'name'), ({'name': 'x' * 101}, 'name'),
            ({'name': ['x']}, 'name'), ({'name': 'a\x00b'}, 'name'),
            ({'name': 'x', 'as_of': 'yesterday'}, 'as_of'), ({'name': 'x', 'as_of': 5}, 'as_of'),
            ({'name': 'x', 'as_of': '2026-02-30'}, 'as_of'), ({'name': 'x', 'as_of': {}}, 'as_of'),
            ({'name': 'x', 'filter': 'site=berlin'}, 'filter'), ({'name': 'x', 'filter': ['site']}, 'filter'),
            ({'name': 'x', 'filter': {'site': 'nowhere'}}, 'filter'), ({'name': 'x', 'filter': {'sit': 'x'}}, 'filter'),
            ({'name': 'x', 'filter': {'site': None}}, 'filter'), ({'name': 'x', 'filter': {'site': {}}}, 'filter'),
            ({'name': 'x', 'filter': {'rto_minutes__lte': 'soon'}}, 'filter'),
            ({'name': 'x', 'filter': {'name__regex': '('}}, 'filter'), ({'name': 'x', 'filter': None}, 'filter'),
            ({'name': 'x', 'filter': {'site': 'a\x00'}}, 'filter'), ({'name': 'x', 'reason': 5.5j}, None),
            ({'name': 'x', 'reason': ['x']}, 'reason'), ({'name': 'x', 'reason': None}, 'reason'),
        ):
            if field is None:
                continue
            with self.subTest(body=body):
                status, data = self.rest.post('baselines/', body)
                self.assertEqual((status, list(data)), (400, [field]))
        self.assertEqual(Baseline.objects.count(), 1)

    def test_nobody_changes_or_deletes_one(self):
        for method in ('put', 'patch', 'delete'):
            for path in ('baselines/', f'baselines/{self.baseline.pk}/'):
                with self.subTest(method=method, path=path), disable_warnings('django.request'):
                    status, _data = self.rest.request(method, path, {'name': 'x'})
                    self.assertIn(status, (403, 405))
        self.assertEqual(verify(Baseline.objects.get()), [])

    def test_verify(self):
        self.assertEqual(self.rest.get(f'baselines/{self.baseline.pk}/verify/'), (200, {
            'ok': True, 'rows': self.baseline.rows, 'sha256': self.baseline.sha256, 'previous_sha256': None,
            'problems': [],
        }))
        self.assertEqual(self.rest.get('baselines/99999/verify/')[0], 404)


class AtOnceTest(TransactionTestCase):
    """Several people take one at the same moment: one chain all the same."""

    def test_the_chain_does_not_fork(self):
        admin = make.make_user(is_superuser=True)
        make.make_device('srv-1')
        problems = []

        def take(number):
            try:
                take_baseline(f'Baseline {number}', admin)
            except Exception as e:
                problems.append(e)
            finally:
                connection.close()

        threads = [threading.Thread(target=take, args=[number]) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(problems, [])
        chain = list(Baseline.objects.order_by('number'))
        self.assertEqual([each.number for each in chain], list(range(1, 7)))
        self.assertEqual([each.previous_sha256 for each in chain], [None, *(each.sha256 for each in chain[:-1])])
        self.assertEqual([verify(each) for each in chain], [[]] * 6)
