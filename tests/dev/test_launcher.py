"""The parts of the developers' launcher that need no servers."""
import sys
from pathlib import Path
from unittest import TestCase, mock

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'dev'))

from launcher.dump import FOREIGN, SETTING  # noqa: E402
from launcher.output import Problem  # noqa: E402
from launcher.sqltext import CutOff, statements  # noqa: E402
from launcher.testing import WITH_BRANCHING, label, passes  # noqa: E402
from launcher.versions import judge  # noqa: E402


def split(text):
    return [(s.decode().strip(), None if data is None else b''.join(data).decode())
            for _, s, data in statements(text.encode().splitlines(keepends=True))]


class StatementsTest(TestCase):
    def test_a_semicolon_ends_a_statement_only_outside_of_everything(self):
        for text in (
            "select 'a;b';",
            "select 'it''s; one';",
            "select E'a\\';b';",
            "select E'a''b\\';c';",
            'select "a;b";',
            'select $$a;b$$;',
            "create function f() as $fn$\nbegin; x := $$;$$; 'odd\nend; $fn$;",
            'select 1 /* a; /* b; */ c; */ + 1;',
            "select 1 -- it's; not the end\n + 1;",
        ):
            with self.subTest(text):
                self.assertEqual(split(text + '\nselect 2;\n'), [(text, None), ('select 2;', None)])

    def test_copy_data_is_kept_apart(self):
        text = "COPY public.t (a, b) FROM stdin;\n1\tit's; $$\n\\.\n\\.x\n\nselect 1;\n"
        self.assertEqual(split(text), [('COPY public.t (a, b) FROM stdin;', "1\tit's; $$\n"), ('select 1;', None)])

    def test_copy_within_a_function_body_is_no_copy(self):
        text = 'create function f() as $$\nCOPY t FROM stdin;\n$$;'
        self.assertEqual(split(text), [(text, None)])

    def test_psql_commands_and_comments_are_dropped(self):
        self.assertEqual(split('\\restrict abc\n-- x; y\n\\connect other\nselect 1;\n'), [('select 1;', None)])

    def test_what_is_cut_off_is_noticed(self):
        for text in ("select 'a", 'COPY t FROM stdin;\n1\n', 'select $x$ a; $$'):
            with self.subTest(text), self.assertRaises(CutOff):
                split(text)

    def test_the_last_semicolon_may_be_missing(self):
        self.assertEqual(split('select 1'), [('select 1', None)])


class ForeignStatementsTest(TestCase):
    def test_roles_and_rights_are_left_out(self):
        for statement in (b'GRANT ALL ON TABLE x TO y;', b'ALTER TABLE public.x OWNER TO z;', b'CREATE DATABASE x;',
                          b'ALTER TYPE public.x OWNER TO "net box";\n', b'CREATE SCHEMA public;', b'DROP TABLE x;',
                          b'COMMENT ON EXTENSION ltree IS \'x\';', b"SET default_tablespace = '';"):
            with self.subTest(statement):
                self.assertTrue(FOREIGN.match(statement))

    def test_the_schema_and_the_data_are_not(self):
        for statement in (b"INSERT INTO x VALUES (' OWNER TO y');", b'CREATE TABLE x (a int);',
                          b'CREATE SCHEMA branch_1;', b"CREATE COLLATION x (locale = 'y');",
                          b'ALTER TABLE ONLY x ADD CONSTRAINT y PRIMARY KEY (id);',
                          b"SET client_encoding = 'UTF8';"):
            with self.subTest(statement):
                self.assertFalse(FOREIGN.match(statement))

    def test_settings_are_recognized(self):
        self.assertEqual(SETTING.match(b'SET transaction_timeout = 0;')[1], b'transaction_timeout')


class VersionTest(TestCase):
    NOTIFICATIONS = ('extras', '0119_notifications')

    def test_the_newest_mark_tells_the_release(self):
        applied = {self.NOTIFICATIONS, ('dcim', '0199_macaddress')}
        self.assertEqual(judge(applied, {'dcim': 251, 'extras': 144}, 'x'), 'NetBox 4.2')

    def test_old_migrations_that_were_squashed_away_do_not_matter(self):
        applied = {self.NOTIFICATIONS, ('dcim', '0002_gone'), ('some_plugin', '9999_x')}
        self.assertEqual(judge(applied, {'dcim': 251, 'extras': 144}, 'x'), 'NetBox 4.1')

    def test_too_old_and_too_new_are_refused(self):
        with self.assertRaisesRegex(Problem, 'older than 4.1'):
            judge({('extras', '0115_convert_dashboard_widgets')}, {'extras': 144}, 'x')
        with self.assertRaisesRegex(Problem, 'newer than'):
            judge({self.NOTIFICATIONS, ('extras', '0145_new')}, {'extras': 144}, 'x')


class TestArgumentsTest(TestCase):
    def test_paths_become_modules(self):
        self.assertEqual(label('tests/dev/test_launcher.py'), 'tests.dev.test_launcher')
        self.assertEqual(label('./tests/dev/'), 'tests.dev')
        self.assertEqual(label('tests.dev'), 'tests.dev')
        self.assertEqual(label('no/such/path'), 'no/such/path')

    def passes(self, *args):
        """[(environment, arguments)] on a machine of four cores."""
        with mock.patch('launcher.testing.count_cores', return_value=4):
            return passes(args)

    def test_all_tests_on_all_cores_unless_told_otherwise(self):
        for given, arguments in (
            ((), ['--parallel=4']),
            (('-k', 'rules'), ['-k', 'rules', '--parallel=4']),
            (('--parallel',), ['--parallel']),
            (('--parallel', '2'), ['--parallel', '2']),
            (('tests', '--pdb'), ['--pdb']),
        ):
            with self.subTest(given):
                self.assertEqual(self.passes(*given), [
                    ({}, ['tests', *arguments]), (WITH_BRANCHING, ['tests.branching', *arguments]),
                ])

    def test_tests_that_are_named_run_with_the_plugins_they_need(self):
        one = ['--parallel', '1']
        for given, expected in (
            (['tests/dev'], [({}, ['tests.dev', *one])]),
            (['virtualization'], [({}, ['virtualization', *one])]),
            (['tests/branching/test_rest.py'], [(WITH_BRANCHING, ['tests.branching.test_rest', *one])]),
            (['tests.dev', 'tests.branching.test_rest', 'tests.rules'], [
                ({}, ['tests.dev', 'tests.rules', *one]), (WITH_BRANCHING, ['tests.branching.test_rest', *one]),
            ]),
            (['tests.branching_out'], [({}, ['tests.branching_out', *one])]),
        ):
            with self.subTest(given):
                self.assertEqual(self.passes(*given, *one), expected)
