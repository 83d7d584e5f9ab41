from unittest import TestCase

from netbox_ims.rules.comparison import COMPARED, KINDS, change_of, changed_fields, kinds_of


def said(**values):
    """What the register says of a CI of which nobody has said more than this."""
    return {**dict.fromkeys(COMPARED), 'name': 'srv', 'effective_complete': False, **values}


class ComparisonTestCase(TestCase):
    TABLE = (
        # before, after -> everything that is so
        (None, None, ''),
        (said(), said(), ''),
        (said(rto_minutes=0), said(rto_minutes=0), ''),
        (None, said(), 'joined newly_unclassified'),
        (None, said(classification='secret'), 'joined'),
        (None, said(asset_owner='Ada', rto_minutes=5), 'joined newly_unclassified'),
        (said(), None, 'left'),
        (said(classification='secret', asset_owner='Ada', rto_minutes=5), None, 'left'),
        (said(), said(name='other'), 'changed'),
        (said(), said(classification='secret'), 'changed classified'),
        (said(classification='open'), said(classification='secret'), 'changed reclassified'),
        (said(classification='secret'), said(classification='open'), 'changed reclassified'),
        (said(classification='secret'), said(), 'changed newly_unclassified'),
        (said(effective_classification='open'), said(effective_classification='secret'), 'changed'),
        (said(), said(asset_owner='Ada'), 'changed owner_changed'),
        (said(asset_owner='Ada'), said(asset_owner='Bob'), 'changed owner_changed'),
        (said(asset_owner='Ada'), said(), 'changed owner_changed'),
        (said(), said(rto_minutes=0), 'changed targets_changed'),
        (said(rto_minutes=0), said(), 'changed targets_changed'),
        (said(rpo_minutes=5), said(rpo_minutes=6), 'changed targets_changed'),
        (said(), said(required_rto_minutes=5), 'changed targets_changed'),
        (said(required_rpo_minutes=5), said(required_rpo_minutes=4), 'changed targets_changed'),
        (said(effective_rto_minutes=5), said(effective_rto_minutes=4), 'changed'),
        (said(handles_sensitive_data=None), said(handles_sensitive_data=False), 'changed'),
        (said(handles_sensitive_data=False), said(handles_sensitive_data=None), 'changed'),
        (said(alignment='aligned'), said(alignment='breached'), 'changed'),
        (said(classification='open', asset_owner='Ada', rto_minutes=5), said(classification='secret', rto_minutes=4),
         'changed reclassified owner_changed targets_changed'),
        (said(name='other', status='active'), said(name='other', status='planned'), 'changed'),
    )

    def test_kinds(self):
        for before, after, expected in self.TABLE:
            with self.subTest(before=before, after=after):
                self.assertEqual(kinds_of(before, after), set(expected.split()))
                self.assertLessEqual(kinds_of(before, after), set(KINDS))

    def test_one_of_three_or_nothing(self):
        for before, after, expected in self.TABLE:
            with self.subTest(before=before, after=after):
                self.assertEqual(change_of(before, after), (expected.split() or [None])[0])

    def test_fields(self):
        for before, after, expected in (
            (said(), said(), {}),
            (said(rto_minutes=None), said(rto_minutes=0), {'rto_minutes': (None, 0)}),
            (said(handles_sensitive_data=None), said(handles_sensitive_data=False),
             {'handles_sensitive_data': (None, False)}),
            (said(name='a', site='x'), said(name='b', site='x'), {'name': ('a', 'b')}),
            (None, said(classification='open'), {
                'name': (None, 'srv'), 'classification': (None, 'open'), 'effective_complete': (None, False),
            }),
            (said(asset_owner='Ada'), None, {
                'name': ('srv', None), 'asset_owner': ('Ada', None), 'effective_complete': (False, None),
            }),
        ):
            with self.subTest(before=before, after=after):
                self.assertEqual(changed_fields(before, after), expected)

    def test_every_field_counts(self):
        for name in COMPARED:
            with self.subTest(name):
                self.assertEqual(list(changed_fields(said(**{name: 'old'}), said(**{name: 'new'}))), [name])
