from django.core.management.base import BaseCommand

from netbox_ims.services.reference_data import load_reference_data


class Command(BaseCommand):
    help = 'Load the reference data netbox_ims ships. Safe to repeat: what exists is left as it is.'

    def handle(self, *args, **options):
        for what, (created, kept) in load_reference_data().items():
            if options['verbosity']:
                self.stdout.write(f'{what}: {created} created, {kept} left as they were')
