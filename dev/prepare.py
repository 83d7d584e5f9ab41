"""Migrations, reference data, demo data and the admin, in one process because NetBox takes seconds to start.

Run by the launcher, which shows every line of standard output as a step; whatever else is printed goes to the log.
"""
import importlib.util
import os
import sys

import django

steps, sys.stdout = sys.stdout, sys.stderr


def step(text):
    print(text, file=steps, flush=True)


def main(options):
    step('starting NetBox')
    django.setup()
    from django.apps import apps
    from django.core.management import call_command, get_commands

    step(how_much_to_migrate())
    call_command('migrate', interactive=False)
    if 'ims_load' in get_commands():
        step('loading the reference data')
        call_command('ims_load')
    if '--foreign-data' in options:
        forget_jobs()
    if '--demo-data' in options and apps.is_installed('netbox_ims') and importlib.util.find_spec('demo_data'):
        step('loading the demo data')
        import demo_data
        demo_data.load()
    make_admin()


def how_much_to_migrate():
    """An old database takes minutes: better known in advance."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    executor = MigrationExecutor(connection)
    return f'migrating ({len(executor.migration_plan(executor.loader.graph.leaf_nodes()))} migrations to apply)'


def forget_jobs():
    """Jobs that wait in the queue of another machine would count as scheduled here, and never run."""
    from core.models import Job
    Job.objects.filter(status__in=('pending', 'scheduled', 'running'))._raw_delete('default')


def make_admin():
    from users.models import Token, User
    admin = User.objects.filter(username='admin').first() or User(username='admin', email='admin@example.com')
    admin.is_superuser = admin.is_active = True
    admin.set_password('admin')
    admin.save()
    key, secret = os.environ['IMS_TOKEN'].split('.')
    Token.objects.filter(key=key).delete()
    Token(user=admin, version=2, key=key, token=secret, description='made by dev/demo').save()


main(sys.argv[1:])
