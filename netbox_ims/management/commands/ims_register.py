from django.core.management.base import BaseCommand, CommandError

from netbox_ims.core_integration.branching import schemas
from netbox_ims.services.baselines import verify_all
from netbox_ims.services.derive import settle
from netbox_ims.services.history import begin_history
from netbox_ims.services.reconcile import find_drift, repair_register
from netbox_ims.services.triggers import install_triggers, trigger_status
from netbox_ims.ui.baselines import finding_in_words

NO_REGISTER = 'there is no register: run "netbox migrate"; a branch made before that must be merged or made anew'


class Command(BaseCommand):
    help = (
        'Check that the register, in main and in branches, says what NetBox and the profiles say, or make it so; or '
        'verify that every baseline is what was sealed.'
    )

    def add_arguments(self, parser):
        action = parser.add_mutually_exclusive_group(required=True)
        action.add_argument('--check', action='store_true', help='report what differs; exit code 1 if anything does')
        action.add_argument('--repair', action='store_true', help='install triggers and mend what differs')
        action.add_argument('--verify', action='store_true', help='hash all baselines anew; exit code 1 if one differs')
        parser.add_argument('--limit', type=int, default=20, help='how many differences of a kind to name (default 20)')

    def handle(self, *args, check, repair, verify, limit, **options):
        if verify:
            self.verify()
            return
        right = True
        for schema in schemas():
            with schema.active():
                if not schema.has_register:
                    self.stderr.write(f'{schema.label}{NO_REGISTER}')
                    right = False
                elif repair:
                    self.repair(schema)
                else:
                    right &= self.check_schema(schema, limit)
        if not right:
            way_out = '' if repair else '; mend it with: netbox ims_register --repair'
            raise CommandError(f'the register is not right{way_out}', returncode=1)

    def verify(self):
        """The whole chain, oldest first; baselines are main's, so there is nothing to look at in branches."""
        count, wrong = 0, 0
        for baseline, findings in verify_all():
            count += 1
            for finding in findings:
                self.stderr.write(f'baseline {baseline.number} “{baseline}”: {finding_in_words(finding)}')
            if not findings:
                self.stdout.write(f'baseline {baseline.number} “{baseline}”: {baseline.rows} rows, as they were sealed')
            wrong += bool(findings)
        if wrong:
            raise CommandError(f'{wrong} of {count} baselines are not what was sealed', returncode=1)
        self.stdout.write(f'{count} baselines, each as it was sealed and following the one before')

    def repair(self, schema):
        if (counts := install_triggers(schema.using)) is not None:
            self.stdout.write(f'{schema.label}triggers installed')
        else:
            counts = repair_register(schema.using)
        counts['worked out anew'] = settle(schema.using, patience=60).changed
        begin_history(schema.using)
        self.stdout.write(schema.label + ', '.join(f'{count} {what}' for what, count in counts.items()))

    def check_schema(self, schema, limit):
        status, drift = trigger_status(schema.using), list(find_drift(schema.using, limit=limit))
        if not status.ok:
            self.stderr.write(f'{schema.label}triggers: {status}')
        for difference in drift:
            self.stderr.write(f'{schema.label}{difference}')
        if drift or not status.ok:
            return False
        self.stdout.write(f'{schema.label}the register is right')
        return True
