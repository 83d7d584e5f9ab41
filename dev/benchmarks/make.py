"""
Fills a new database (`seed SIZE`), or makes sure of one that was kept (`refresh SIZE`). Run by `databases`, which shows
every line of standard output as a step; whatever else is printed goes to the log.
"""
import sys

import django

steps, sys.stdout = sys.stdout, sys.stderr


def tell(text):
    print(text, file=steps, flush=True)


def main(step, size):
    django.setup()
    from benchmarks import estate
    from benchmarks.sizes import SIZES
    from netbox_ims.services.triggers import install_triggers

    if step == 'seed':
        from django.core.management import call_command
        tell('migrating')
        call_command('migrate', interactive=False)
        call_command('ims_load')
        estate.seed(SIZES[size], tell)
        tell('the register')
        install_triggers(force=True)
    elif install_triggers():
        tell('the triggers were not those of this version: replaced, and the register made right')
    estate.vacuum()


main(*sys.argv[1:])
