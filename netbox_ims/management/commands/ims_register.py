from django.core.management.base import BaseCommand, CommandError

from netbox_ims.core_integration.branching import schemas
from netbox_ims.services.derive import settle
from netbox_ims.services.reconcile import find_drift, repair_register
from netbox_ims.services.triggers import install_triggers, trigger_status

NO_REGISTER = 'there is no register: run "netbox migrate"; a branch made before that must be merged or made anew'


class Command(BaseCommand):
    help = 'Check that the register, in main and in branches, says what NetBox and the profiles say, or make it so.'

    def add_arguments(self, parser):
        action = parser.add_mutually_exclusive_group(required=True)
        action.add_argument('--check', action='store_true', help='report what differs; exit code 1 if anything does')
        action.add_argument('--repair', action='store_true', help='install triggers and mend what differs')
        parser.add_argument('--limit', type=int, default=20, help='how many differences of a kind to name (default 20)')

    def handle(self, *args, check, repair, limit, **options):
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

    def repair(self, schema):
        if (counts := install_triggers(schema.using)) is not None:
            self.stdout.write(f'{schema.label}triggers installed')
        else:
            counts = repair_register(schema.using)
        counts['worked out anew'] = settle(schema.using, patience=60).changed
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
