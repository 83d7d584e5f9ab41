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
    from benchmarks.history import seed_history
    from benchmarks.sizes import SIZES
    from netbox_ims.services.derive import settle
    from netbox_ims.services.history import begin_history
    from netbox_ims.services.triggers import install_triggers, trigger_status

    if step == 'seed':
        from django.core.management import call_command
        tell('migrating')
        call_command('migrate', interactive=False)
        call_command('ims_load')
        estate.seed(SIZES[size], tell)
        tell('the register')
    elif not trigger_status().ok:
        tell('the triggers are not those of this version: replacing them, and making the register right')
    install_triggers(force=step == 'seed')
    settle(tell=lambda done, total: tell(f'what CIs inherit: {done:,} of {total:,}') if done == total else None)
    begin_history()
    if step == 'seed':
        tell('five versions of each register entry')
        seed_history()
    estate.vacuum()


main(*sys.argv[1:])
