from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, router

from netbox_ims.models import RegisterEntry
from netbox_ims.services.named_traces import mentions
from netbox_ims.services.uninstall import Blocked, Plan, uninstall

AFTERWARDS = """
The plugin is out of the database. Now, before NetBox starts again:
  1. take 'netbox_ims' out of PLUGINS and PLUGINS_CONFIG in configuration.py
  2. pip uninstall netbox-ims, and take it out of local_requirements.txt
  3. delete netbox_ims/ from NetBox's static files
PostgreSQL's extensions pg_trgm and btree_gist stay: others may use them by now."""


class Command(BaseCommand):
    help = 'Remove the plugin from the database: its tables, triggers and functions, and every trace in NetBox itself.'

    def add_arguments(self, parser):
        parser.add_argument('--no-input', action='store_false', dest='interactive', help='do not ask whether to go on')

    def handle(self, *args, interactive, **options):
        using = router.db_for_write(RegisterEntry)
        plan = Plan(using)
        try:
            plan.check()
            self.show(plan)
            if interactive and not self.confirmed():
                raise CommandError('nothing was changed')
            notes = uninstall(using)
        except Blocked as e:
            raise CommandError(f'nothing was changed: {e}') from e
        except DatabaseError as e:
            reason = str(e).strip()
            raise CommandError(f'nothing was changed: {reason}\nStop NetBox and its workers, and try again.') from e
        for note in notes:
            self.stderr.write(f'note: {note}')
        if left := list(mentions(using)):
            self.stdout.write('Texts that still speak of the plugin, for you to edit:')
            for text in left:
                self.stdout.write(f'  {text}')
        self.stdout.write(AFTERWARDS)

    def show(self, plan):
        self.stdout.write(f'To be removed from the database "{plan.connection.settings_dict["NAME"]}", for good:')
        for what, count in plan.survey():
            self.stdout.write(f'{count:>10,}  {what}')
        for note in plan.notes():
            self.stdout.write(f'note: {note}')

    def confirmed(self):
        try:
            return input('Type "yes" to go on: ').strip() == 'yes'
        except EOFError:
            return False
