from unittest import TestCase

from netbox_ims.rules.origins import origin


class OriginTestCase(TestCase):

    def test_where_the_effective_value_comes_from(self):
        for own, effective, overridden, expected in (
            (3, 3, False, 'own'),
            (2, 3, False, 'inherited'),
            (None, 3, False, 'inherited'),
            (None, None, False, 'own'),
            (2, 2, True, 'overridden'),
            (2, 3, True, 'overridden'),
        ):
            with self.subTest(own=own, effective=effective, overridden=overridden):
                self.assertEqual(origin(own, effective, overridden), expected)
