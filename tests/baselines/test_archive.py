"""The archive as an auditor gets it: checked by the program in it, in a process that knows of nothing but Python."""
import csv
import io
import json
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from django.test import TestCase

from netbox_ims.models import Baseline
from netbox_ims.services.baseline_archive import archive_of
from netbox_ims.services.baselines import take_baseline
from tests import factories as make
from tests.base import RestClient

from .test_evidence import rewrite

MEMBERS = {'README.txt', 'manifest.json', 'SHA256SUMS', 'rows.jsonl', 'digests.txt', 'rows.csv', 'verify.py'}


class ArchiveTest(TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.admin = make.make_user(is_superuser=True, username='ada')
        site = make.make_site('Zürich')
        for name in ('srv-1', '=cmd()', 'srv "3"\u2028', ''):
            make.make_device(name, site)
        make.make_profile(make.make_vm('vm-1', site=site), processes_personal_data=True, rto_minutes=0)
        cls.baseline = take_baseline('Year end', cls.admin, reason='Stage 2')

    def setUp(self):
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def download(self, baseline, name='baseline.zip'):
        path = self.folder / name
        path.write_bytes(archive_of(baseline).read())
        return path

    def unpack(self, baseline, name='unpacked'):
        folder = self.folder / name
        with zipfile.ZipFile(self.download(baseline)) as archive:
            archive.extractall(folder)
        return folder

    def check(self, folder, *paths):
        """(exit code, what it says) of the program in an unpacked archive, without our packages in its path."""
        ran = subprocess.run(
            [sys.executable, '-I', '-S', folder / 'verify.py', *paths], cwd=folder, capture_output=True, timeout=60,
            env={'PYTHONIOENCODING': 'utf-8'},
        )
        self.assertEqual(ran.stderr, b'')
        return ran.returncode, ran.stdout.decode()

    def test_what_is_in_it(self):
        folder = self.unpack(self.baseline)
        self.assertEqual({path.name for path in folder.iterdir()}, MEMBERS)
        manifest = (folder / 'manifest.json').read_bytes()
        self.assertEqual(sha256(manifest).hexdigest(), self.baseline.sha256)
        self.assertEqual(json.loads(manifest)['reason'], 'Stage 2')
        readme = (folder / 'README.txt').read_text()
        for text in ('python3 verify.py', 'sha256sum -c SHA256SUMS', 'Year end', self.baseline.sha256):
            self.assertIn(text, readme)
        with open(folder / 'rows.csv', encoding='utf-8-sig', newline='') as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), self.baseline.rows)
        vm, = (row for row in rows if row['name'] == 'vm-1')
        self.assertEqual(
            (vm['processes_personal_data'], vm['handles_sensitive_data'], vm['rto_minutes'], vm['rpo_minutes'],
             vm['classification'], vm['tenant']),
            ('true', 'unknown', '0', 'unknown', 'unknown', '')
        )
        self.assertIn("'=cmd()", {row['name'] for row in rows})

    def test_sha256sum_agrees(self):
        folder = self.unpack(self.baseline)
        ran = subprocess.run(['sha256sum', '-c', 'SHA256SUMS'], cwd=folder, capture_output=True, timeout=60)
        self.assertEqual((ran.returncode, ran.stdout), (0, b'manifest.json: OK\nrows.jsonl: OK\n'))

    def test_an_unaltered_one_passes(self):
        code, text = self.check(self.unpack(self.baseline))
        self.assertEqual(code, 0)
        for part in ('Year end', f'{self.baseline.rows} rows', self.baseline.sha256, 'OK'):
            self.assertIn(part, text)
        self.assertNotIn('WRONG', text)

    def test_what_was_altered_is_named(self):
        for file, old, new, expected in (
            ('rows.jsonl', '"name":"srv-1"', '"name":"srv-2"', 'srv-2 (dcim.device'),
            ('rows.jsonl', '"rto_minutes":0', '"rto_minutes":9', 'vm-1 (virtualization.virtualmachine'),
            ('manifest.json', 'Stage 2', 'Stage 1', 'manifest.json'),
            ('SHA256SUMS', self.baseline.sha256, '0' * 64, 'manifest.json'),
            ('digests.txt', '\n', '\n\n', 'altered'),
            ('rows.csv', 'srv-1', 'srv-2', 'rows.csv differs from rows.jsonl in row'),
        ):
            with self.subTest(file=file, new=new):
                folder = self.unpack(self.baseline, f'{file}-{new[:9].strip()}'.replace('"', ''))
                text = (folder / file).read_text('utf-8')
                self.assertIn(old, text)
                (folder / file).write_text(text.replace(old, new, 1), 'utf-8')
                code, said = self.check(folder)
                self.assertEqual(code, 1)
                self.assertIn('WRONG', said)
                self.assertIn(expected, said)

    def test_a_row_taken_out(self):
        folder = self.unpack(self.baseline)
        for file in ('rows.jsonl', 'digests.txt'):
            lines = (folder / file).read_bytes().split(b'\n')
            (folder / file).write_bytes(b'\n'.join(lines[:2] + lines[3:]))
        code, said = self.check(folder)
        self.assertEqual(code, 1)
        self.assertIn('row 3: altered', said)
        self.assertIn(f'there are {self.baseline.rows - 1} rows', said)

    def test_archives_one_after_the_other(self):
        second = take_baseline('Second', self.admin)
        third = take_baseline('Third', self.admin, filter={'name': ['nobody']})
        folder = self.unpack(self.baseline)
        paths = [self.download(each, f'{each.number}.zip') for each in (self.baseline, second, third)]
        code, said = self.check(folder, *paths)
        self.assertEqual((code, said.count('OK every row')), (0, 3))
        code, said = self.check(folder, paths[0], paths[2])
        self.assertEqual(code, 1)
        self.assertIn('does not follow the baseline before it', said)

    def test_what_is_no_archive(self):
        folder = self.unpack(self.baseline)
        (self.folder / 'x.zip').write_bytes(b'rubbish')
        paths = self.folder / 'x.zip', self.folder / 'missing.zip', self.download(self.baseline)
        code, said = self.check(folder, *paths)
        self.assertEqual((code, said.count('cannot be read'), said.count('OK')), (1, 2, 1))

    def test_one_altered_in_the_database_can_be_downloaded_and_fails(self):
        rewrite(self.baseline, '"name":"srv-1"', '"name":"other"')
        code, said = self.check(self.unpack(Baseline.objects.get()))
        self.assertEqual(code, 1)
        self.assertIn('other (dcim.device', said)

    def test_over_rest(self):
        rest = RestClient(self.admin)
        response = rest.client.get(f'/api/plugins/ims/baselines/{self.baseline.pk}/download/', **rest.header)
        self.assertEqual(response.status_code, 200)
        self.assertIn('baseline-1.zip', response['Content-Disposition'])
        with zipfile.ZipFile(io.BytesIO(response.getvalue())) as archive:
            self.assertEqual(set(archive.namelist()), MEMBERS)
