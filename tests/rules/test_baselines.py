from hashlib import sha256
from unittest import TestCase

from netbox_ims.rules.baseline_check import COUNT, ROW, ROWS, Finding, cell, check_rows, in_words, link
from netbox_ims.rules.baselines import Figures, RowSealer, counted_as, covers

NOTHING = dict.fromkeys(('asset_owner', *Figures.COUNTED))
ROWS_OF = [{'object_type': 'dcim.device', 'object_id': number, 'name': f'srv-{number}'} for number in range(1, 6)]


def sealed():
    sealer = RowSealer()
    rows = [sealer.seal(row) for row in ROWS_OF]
    return rows, sealer


def name(number):
    return f'srv-{number} (dcim.device {number})'


class SealTestCase(TestCase):

    def test_lines_are_canonical_and_hashed_as_one_file(self):
        rows, sealer = sealed()
        file = b''.join(line + b'\n' for line, _digest in rows)
        self.assertEqual(rows[0][0], b'{"name":"srv-1","object_id":1,"object_type":"dcim.device"}')
        self.assertEqual(sealer.sha256, sha256(file).hexdigest())
        self.assertEqual(rows[1][1], sha256(rows[0][1] + rows[1][0]).digest())

    def altered(self, what):
        """The rows with something done to them, in place of a number of row -> what becomes of it."""
        rows, _sealer = sealed()
        result = []
        for number, (line, digest) in enumerate(rows, start=1):
            new = what.get(number, (line, digest))
            if new is not None:
                result.append((new[0] or line, new[1] or digest))
        return result

    def test_findings(self):
        evil = b'{"name":"evil","object_id":3,"object_type":"dcim.device"}'
        rows, sealer = sealed()
        anew = RowSealer()
        all_anew = [anew.seal({**row, 'name': 'x'}) for row in ROWS_OF]
        names = {3: (name(3), name(2)), 4: (name(4), name(3))}
        for title, changed, expected in (
            ('nothing', rows, []),
            ('a row', self.altered({3: (evil, None)}), [Finding(ROW, 3, ('evil (dcim.device 3)', name(2)))]),
            ('the first row', self.altered({1: (evil, None)}), [Finding(ROW, 1, ('evil (dcim.device 3)',))]),
            ('a row and its digest', self.altered({3: (evil, link(rows[1][1], evil))}),
             [Finding(ROW, 4, (name(4), 'evil (dcim.device 3)'))]),
            ('a digest', self.altered({3: (None, b'x' * 32)}),
             [Finding(ROW, 3, names[3]), Finding(ROW, 4, names[4])]),
            ('a row gone', self.altered({3: None}), [Finding(ROW, 3, (name(4), name(2))), Finding(COUNT, 4)]),
            ('the last row gone', self.altered({5: None}), [Finding(COUNT, 4)]),
            ('the last row and its digest', self.altered({5: (evil, link(rows[3][1], evil))}), [Finding(ROWS)]),
            ('a row twice', [*rows, rows[-1]], [Finding(ROW, 6, (name(5), name(5))), Finding(COUNT, 6)]),
            ('two rows swapped', [rows[1], rows[0], *rows[2:]],
             [Finding(ROW, 1, (name(2),)), Finding(ROW, 2, (name(1), name(2))), Finding(ROW, 3, (name(3), name(1)))]),
            ('unreadable', self.altered({3: (b'{', None)}), [Finding(ROW, 3, ('unreadable', name(2)))]),
            ('all made anew', all_anew, [Finding(ROWS)]),
            ('no rows', [], [Finding(COUNT, 0)]),
        ):
            with self.subTest(title):
                self.assertEqual(check_rows(iter(changed), 5, sealer.sha256), expected)
                for finding in expected:
                    self.assertTrue(in_words(finding))

    def test_findings_are_limited_and_counting_goes_on(self):
        rows = [(b'{}', b'')] * 100
        found = check_rows(rows, 5, '', limit=3)
        self.assertEqual([finding.kind for finding in found], [ROW, ROW, ROW, COUNT])
        self.assertEqual(found[-1].row, 100)

    def test_no_rows_at_all(self):
        self.assertEqual(check_rows([], 0, RowSealer().sha256), [])


class FiguresTestCase(TestCase):

    def test_unknown_is_counted_as_such(self):
        figures = Figures()
        for classification, flag, under, owner in (
            ('secret', True, False, 'Ada'), ('secret', False, True, None), (None, None, None, None),
        ):
            figures.add({
                'object_type': 'dcim.device', 'classification': classification, 'effective_classification': 'secret',
                'handles_sensitive_data': flag, 'processes_personal_data': None, 'under_classified': under,
                'alignment': 'undetermined', 'asset_owner': owner,
            })
        self.assertEqual(figures.as_dict(), {
            'total': 3, 'without_owner': 2, 'object_type': {'dcim.device': 3},
            'classification': {'secret': 2, 'unknown': 1}, 'effective_classification': {'secret': 3},
            'handles_sensitive_data': {'false': 1, 'true': 1, 'unknown': 1}, 'processes_personal_data': {'unknown': 3},
            'under_classified': {'false': 1, 'true': 1, 'unknown': 1}, 'alignment': {'undetermined': 3},
        })


class CoversTestCase(TestCase):
    TABLE = (
        # held, needed -> may see it
        ({'a': True}, {'a': True}, True),
        ({'a': True}, {'a': [{'x': 1}]}, True),
        ({'a': [{'x': 1}]}, {'a': True}, False),
        ({'a': [{'x': 1}]}, {'a': [{'x': 1}]}, True),
        ({'a': [{'x': 1}, {'y': 2}]}, {'a': [{'x': 1}]}, True),
        ({'a': [{'x': 1}]}, {'a': [{'x': 1}, {'y': 2}]}, False),
        ({'a': [{'x': 2}]}, {'a': [{'x': 1}]}, False),
        ({'a': []}, {'a': [{'x': 1}]}, False),
        ({'a': []}, {'a': True}, False),
        ({}, {'a': True}, False),
        ({}, {'a': [{'x': 1}]}, False),
        ({}, {}, True),
        ({'a': True}, {'a': True, 'b': [{'x': 1}]}, False),
        ({'a': True, 'b': True}, {'a': True}, True),
        ({'a': []}, {'a': []}, True),
    )

    def test_table(self):
        for held, needed, expected in self.TABLE:
            with self.subTest(held=held, needed=needed):
                self.assertIs(covers(held, needed), expected)


class CellTestCase(TestCase):
    TABLE = (
        ('site', None, ''), ('site', 'Berlin', 'Berlin'), ('classification', None, 'unknown'),
        ('handles_sensitive_data', None, 'unknown'), ('handles_sensitive_data', True, 'true'),
        ('handles_sensitive_data', False, 'false'), ('rto_minutes', 0, '0'), ('name', '=1+1', "'=1+1"),
        ('name', '@x', "'@x"), ('name', '-x', "'-x"), ('name', 'a-x', 'a-x'), ('name', '', ''),
    )

    def test_table(self):
        for column, value, expected in self.TABLE:
            with self.subTest(column=column, value=value):
                self.assertEqual(cell(column, value), expected)


class CountedTestCase(TestCase):

    def test_a_figure_finds_the_rows_it_counts(self):
        rows = [
            {**NOTHING, **values} for values in (
                {'object_type': 'dcim.device', 'classification': 'secret', 'handles_sensitive_data': True},
                {'object_type': 'dcim.device', 'effective_classification': 'secret', 'handles_sensitive_data': False},
                {'object_type': 'dcim.rack', 'name': '"classification":"secret"', 'alignment': 'undetermined'},
                {'object_type': 'dcim.rack', 'classification': 'unknown', 'asset_owner': 'Ada'},
                {'object_type': 'dcim.rack', 'classification': 'é"\\', 'asset_owner': 'null'},
            )
        ]
        figures = Figures()
        for row in rows:
            figures.add(row)
        sealer = RowSealer()
        lines = [sealer.seal(row)[0] for row in rows]
        for name, counts in figures.as_dict().items():
            for value, count in counts.items() if isinstance(counts, dict) else ():
                with self.subTest(name=name, value=value):
                    self.assertEqual(sum(map(counted_as(name, value), lines)), count)
        self.assertEqual(sum(map(counted_as('asset_owner', 'named'), lines)), 2)
        self.assertEqual(sum(map(counted_as('asset_owner', 'unknown'), lines)), 3)
        self.assertEqual(sum(map(counted_as('classification', 'secr'), lines)), 0)
