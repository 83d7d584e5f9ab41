"""What the database keeps right whatever path a change takes, held to what rules/ say."""
from itertools import product
from random import Random

from django.db import IntegrityError, connection, transaction
from django.test import TestCase

from netbox_ims.models import Decision, Risk, RiskAcceptance, RiskMatrix
from netbox_ims.rules import risks as rules
from netbox_ims.rules.risk_matrix import rate

from .. import factories as make

RATINGS = [f'{stage}_{part}' for stage in rules.STAGES for part in ('likelihood', 'impacts')]


class LevelsTestCase(TestCase):
    """A level is what rules.risk_matrix.rate() says, also after raw SQL."""

    def assertRight(self, risk):
        risk.refresh_from_db()
        for stage in rules.STAGES:
            rating = rate(risk.matrix.grid, getattr(risk, f'{stage}_likelihood'), getattr(risk, f'{stage}_impacts'))
            self.assertEqual(
                (getattr(risk, f'{stage}_impact'), getattr(risk, f'{stage}_level'), getattr(risk, f'{stage}_rank')),
                (rating.impact, rating.level and rating.level.slug, rating.level and rating.level.rank), stage
            )
        rank, accepted = risk.current_rank, risk.matrix.grid.accepted_rank
        self.assertIs(risk.above_acceptance, None if rank is None else rank > accepted)

    def test_any_rating_by_update(self):
        risk, random = make.make_risk(), Random(4)
        values = (None, -1, 0, 1, 2, 3, 4, 99, 100_000, True, 1.5, '2', [2])
        for _number in range(150):
            new = {}
            for stage in rules.STAGES:
                new[f'{stage}_likelihood'] = random.choice((None, 0, 1, 2, 3, 4, 9))
                new[f'{stage}_impacts'] = {
                    name: random.choice(values) for name in random.sample(('service', 'confidentiality', 'money'), 2)
                }
            with self.subTest(new):
                Risk.objects.filter(pk=risk.pk).update(**new)
                self.assertRight(risk)

    def test_every_cell_by_save_and_by_bulk_create(self):
        matrix = make.active_matrix()
        for likelihood, impact in product(range(1, 4), range(1, 4)):
            risk = make.make_risk(current=(likelihood, impact))
            bulk, = Risk.objects.bulk_create([Risk(
                title='x', matrix=matrix, current_likelihood=likelihood, current_impacts={'service': impact}
            )])
            self.assertEqual(risk.current_level, matrix.cells[likelihood - 1][impact - 1])
            self.assertRight(risk)
            self.assertRight(bulk)

    def test_what_follows_cannot_be_written(self):
        risk = make.make_risk(current=(3, 3))
        Risk.objects.filter(pk=risk.pk).update(current_level='low', current_rank=1, above_acceptance=False)
        self.assertRight(risk)
        self.assertTrue(risk.above_acceptance)

    def test_references(self):
        risk = make.make_risk()
        self.assertEqual(risk.reference, f'R-{risk.pk:04d}')
        bulk, = Risk.objects.bulk_create([Risk(title='x', matrix=risk.matrix)])
        self.assertEqual(bulk.reference, f'R-{bulk.pk:04d}')
        with self.assertRaises(IntegrityError), transaction.atomic():
            Risk.objects.filter(pk=risk.pk).update(reference='R-1')


class EvidenceTestCase(TestCase):

    def actions(self, risk):
        return list(Decision.objects.filter(
            object_type__model='risk', object_id=risk.pk
        ).order_by('pk').values_list('action', flat=True))

    def test_every_assessment_is_a_decision(self):
        risk = make.make_risk('Fire', current=(1, 1))
        Risk.objects.filter(pk=risk.pk).update(current_likelihood=3, current_impacts={'service': 3})
        first, second = Decision.objects.filter(object_type__model='risk', object_id=risk.pk).order_by('pk')
        self.assertEqual((first.action, first.old_values), ('assessed', {}) if not first.old_values else (
            'assessed', dict.fromkeys(first.new_values)
        ))
        self.assertEqual(first.new_values['current_level'], 'low')
        self.assertEqual(second.old_values, {
            'current_likelihood': 1, 'current_impacts': {'service': 1}, 'current_level': 'low',
            'above_acceptance': False,
        })
        self.assertEqual(second.new_values, {
            'current_likelihood': 3, 'current_impacts': {'service': 3}, 'current_level': 'high',
            'above_acceptance': True,
        })
        self.assertEqual(second.name, f'{risk.reference} Fire')

    def test_an_untouched_save_is_none(self):
        risk = make.make_risk(current=(1, 1))
        Risk.objects.get(pk=risk.pk).save()
        self.assertEqual(self.actions(risk), ['assessed'])

    def test_a_deleted_risk_leaves_what_it_was(self):
        risk = make.make_risk(current=(2, 3))
        pk = risk.pk
        risk.delete()
        last = Decision.objects.filter(object_type__model='risk', object_id=pk).order_by('pk').last()
        self.assertEqual((last.action, last.old_values['current_level']), ('withdrawn', 'high'))

    def test_material_changes_void_acceptances_as_the_rule_says(self):
        """By update(), which neither forms nor save() see; random changes, judged by the rule."""
        random, voided = Random(7), 0
        start = {
            'inherent': (3, 3), 'current': (2, 2), 'target': (1, 2), 'threat': 'Fire', 'vulnerability': 'Wood',
            'treatment': 'retain',
        }
        for number in range(60):
            risk = make.make_risk(**start)
            acceptance = make.make_accepted(risk)
            before = Risk.objects.get(pk=risk.pk).facts
            new = {}
            if number % 2:
                stage = random.choice(rules.STAGES)
                new[f'{stage}_likelihood'] = random.choice((None, 1, 2, 3))
                new[f'{stage}_impacts'] = random.choice(({}, {'service': 1}, {'service': 2}, {'service': 3}))
            else:
                new[random.choice(('threat', 'vulnerability'))] = random.choice(('fire', ' Wood ', 'wood', 'Flood', ''))
                new['treatment'] = random.choice(('retain', 'retain', 'retain', 'modify'))
            Risk.objects.filter(pk=risk.pk).update(**new)
            expected = rules.material_changes(before, Risk.objects.get(pk=risk.pk).facts)
            acceptance.refresh_from_db()
            with self.subTest(new):
                self.assertEqual(acceptance.status, 'void' if expected else 'accepted')
                if expected:
                    voided += 1
                    decision = Decision.objects.filter(action='voided', object_id=risk.pk).get()
                    self.assertEqual(sorted(decision.basis['changed']), sorted(expected))
        self.assertTrue(0 < voided < 60, voided)

    def test_the_life_of_an_acceptance_is_written_down(self):
        risk = make.make_risk(current=(1, 1))
        make.make_accepted(risk)
        make.make_accepted(risk)
        self.assertEqual(self.actions(risk), ['assessed', 'requested', 'accepted', 'requested', 'voided', 'accepted'])

    def test_what_was_decided_cannot_be_changed(self):
        acceptance, user = make.make_accepted(), make.make_user()
        rows = RiskAcceptance.objects.filter(pk=acceptance.pk)
        for change in (
            {'justification': 'x'}, {'valid_until': '2099-01-01'}, {'as_decided': {}}, {'decided_by': user},
            {'requested_by': user}, {'risk': make.make_risk()}, {'status': 'requested'}, {'status': 'rejected'},
            {'decided_on': None}, {'decided_by': None},
        ):
            with self.subTest(change), self.assertRaises(IntegrityError), transaction.atomic():
                rows.update(**change)
                connection.check_constraints()
        with self.assertRaises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute('DELETE FROM netbox_ims_riskacceptance WHERE id = %s', [acceptance.pk])
        connection.check_constraints()      # or it would wait for those still to be checked at commit
        with self.assertRaises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute('TRUNCATE netbox_ims_riskacceptance CASCADE')
        rows.update(description='Free', status='expired')

    def test_a_person_may_be_forgotten_who_is_gone(self):
        acceptance = make.make_accepted()
        acceptance.requested_by.delete()
        connection.check_constraints()
        acceptance.refresh_from_db()
        self.assertEqual((acceptance.requested_by, acceptance.status), (None, 'accepted'))

    def test_nobody_accepts_by_sql_what_they_asked_for(self):
        acceptance = make.make_request()
        with self.assertRaises(IntegrityError), transaction.atomic():
            RiskAcceptance.objects.filter(pk=acceptance.pk).update(
                status='accepted', decided_by=acceptance.requested_by
            )

    def test_a_matrix_in_use_cannot_be_changed(self):
        matrix = make.make_matrix()
        rows = RiskMatrix.objects.filter(pk=matrix.pk)
        rows.update(acceptance_level='low')
        make.make_risk(matrix=matrix)
        for change in (
            {'acceptance_level': 'high'}, {'cells': []}, {'levels': []}, {'likelihood_scale': []}, {'name': 'x'},
            {'impact_scale': []}, {'impact_dimensions': []}, {'version': 9},
        ):
            with self.subTest(change), self.assertRaises(IntegrityError), transaction.atomic():
                rows.update(**change)
        rows.update(description='Free')
