from django.core.management.base import BaseCommand, CommandError
from django.db import router

from netbox_ims.models import RegisterEntry
from netbox_ims.services.derive import settle
from netbox_ims.services.reconcile import find_drift, repair_register
from netbox_ims.services.triggers import install_triggers, trigger_status


class Command(BaseCommand):
    help = 'Check that the register says what NetBox and the asset profiles say, or make it so.'

    def add_arguments(self, parser):
        action = parser.add_mutually_exclusive_group(required=True)
        action.add_argument('--check', action='store_true', help='report what differs; exit code 1 if anything does')
        action.add_argument('--repair', action='store_true', help='install triggers and mend what differs')
        parser.add_argument('--limit', type=int, default=20, help='how many differences of a kind to name (default 20)')

    def handle(self, *args, check, repair, limit, **options):
        using = router.db_for_write(RegisterEntry)
        if repair:
            if (counts := install_triggers(using)) is not None:
                self.stdout.write('triggers installed')
            else:
                counts = repair_register(using)
            counts['worked out anew'] = settle(using, patience=60).changed
            self.stdout.write(', '.join(f'{count} {what}' for what, count in counts.items()))
            return
        status = trigger_status(using)
        if not status.ok:
            self.stderr.write(f'triggers: {status}')
        drift = list(find_drift(using, limit=limit))
        for difference in drift:
            self.stderr.write(str(difference))
        if drift or not status.ok:
            raise CommandError('the register is not right; mend it with: netbox ims_register --repair', returncode=1)
        self.stdout.write('the register is right')
