"""Several people at once: versions are numbered, and come into force, one after the other."""
import time
from unittest.mock import patch

from django.db import transaction
from django.test import TransactionTestCase

from netbox_ims.models import StatementOfApplicability
from netbox_ims.services import soa
from netbox_ims.services.refusals import Refused
from netbox_ims.services.statement_text import write_down
from tests import factories as make
from tests.base import AtOnceMixin


class VersionsTestCase(AtOnceMixin, TransactionTestCase):

    def test_two_versions_are_approved(self):
        catalog, scope, boss = make.make_catalog(controls=('A.1',)), make.make_scope(), make.make_user()
        statements = [soa.submit(make.decide(make.make_statement(catalog, scope))) for _ in range(2)]

        def slowly(*args, **kwargs):
            time.sleep(0.5)
            return write_down(*args, **kwargs)

        with patch('netbox_ims.services.soa.write_down', slowly):
            problems = self.at_once(lambda statement: soa.approve(statement, boss), *statements)
        # The second to come supersedes the first, or is refused if it is the lower one.
        self.assertTrue(all(isinstance(problem, Refused) for problem in problems), problems)
        self.assertEqual(StatementOfApplicability.objects.get(status='approved').version, 2)

    def test_versions_are_numbered(self):
        catalog, scope = make.make_catalog(controls=('A.1',)), make.make_scope()

        def start(number):
            statement = StatementOfApplicability(catalog=catalog, scope=scope)
            statement.full_clean()
            with transaction.atomic():
                statement.save()
                time.sleep(0.2)

        self.assertEqual(self.at_once(start, *range(3)), [])
        versions = StatementOfApplicability.objects.order_by('version').values_list('version', flat=True)
        self.assertEqual(list(versions), [1, 2, 3])

    def test_one_new_version_is_made(self):
        approved = make.make_approved()
        problems = self.at_once(lambda _: soa.new_version(approved), *range(3))
        self.assertEqual([type(problem) for problem in problems], [Refused] * 2, problems)
        self.assertEqual(StatementOfApplicability.objects.open().count(), 1)
