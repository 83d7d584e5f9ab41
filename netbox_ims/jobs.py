"""Background jobs: one looks after the register unasked, two mend it, or work out all of it, when somebody asks."""
from collections import Counter
from contextlib import contextmanager
from itertools import islice

from django.db import router
from django_pg_utils import advisory_lock

from core.exceptions import JobFailed
from netbox.jobs import JobRunner, system_job

from .models import RegisterEntry
from .services.derive import settle
from .services.reconcile import find_drift, repair_register
from .services.triggers import install_triggers, trigger_status

__all__ = ('KEEP_INTERVAL', 'KeepRegisterJob', 'RepairRegisterJob', 'SettleEverythingJob')

KEEP_INTERVAL = 1           # minutes: so long a script's changes may wait for what follows from them
PATIENCE = 10               # seconds to wait for somebody else who is working out derived values
LOCK = 'netbox_ims.register'
NAMED = 20                  # how many differences a log names; the counts say how many there are


class RegisterJob(JobRunner):
    """Base of jobs that may mend the register: one at a time, saying what they do while they do it."""

    @property
    def using(self):
        return router.db_for_write(RegisterEntry)

    def say(self, message, level='info'):
        """A line of the job's log that can be read at once, not only when the job has ended."""
        getattr(self.logger, level)(message)
        self.job.save(update_fields=['log_entries'])

    def fail(self, message):
        self.say(message, 'error')
        raise JobFailed()

    @contextmanager
    def alone(self):
        """
        Yields whether this job is the only one at it. NetBox never schedules a system job twice, but somebody may have
        started a repair by hand meanwhile, and two that replace the same triggers could deadlock.
        """
        with advisory_lock(LOCK, wait=False, using=self.using) as acquired:
            yield acquired

    def settle(self, everything=False):
        """Work out what CIs inherit, where it is marked or all of it, and say how much changed."""
        def tell(done, total):
            self.say(f'{done:,} of {total:,} entries written.')

        settled = settle(self.using, PATIENCE, everything, tell)
        if settled.busy:
            self.say('Others are changing the same CIs: what is left will be worked out a minute from now.', 'warning')
        elif settled.marks or settled.everything:
            self.say(f'What CIs inherit is worked out: {settled.changed:,} entries changed.')

    def require_triggers(self):
        status = trigger_status(self.using)
        if not status.ok:
            self.fail(f'The register is still not kept: {status}. Has "netbox migrate" been run for this plugin?')


@system_job(interval=KEEP_INTERVAL)
class KeepRegisterJob(RegisterJob):
    """
    Sees to it that the triggers of the register are in place, and puts them back where they are not; works out what
    CIs inherit after changes that came neither through the UI nor through REST.
    """

    class Meta:
        name = 'Keep the register'

    def run(self, *args, **kwargs):
        with self.alone() as alone:
            if not alone:
                self.say('A repair of the register is under way: nothing to do for this one.')
                return
            status = trigger_status(self.using)
            if status.ok:
                self.say('The register is kept: every trigger is in place.')
            else:
                self.say(f'The register was not kept: {status}.', 'warning')
                install_triggers(self.using)
                self.require_triggers()
                self.say('Triggers are in place again, and every register entry says what its CI and its profile say.')
            self.settle()


class RepairRegisterJob(RegisterJob):
    """Compares the register with the CIs and profiles it is made from, mends what differs, and compares again."""

    class Meta:
        name = 'Repair the register'

    def run(self, *args, **kwargs):
        with self.alone() as alone:
            if not alone:
                self.fail('Another repair is under way. Start this one again when that has ended.')
            self.report_drift()
            if install_triggers(self.using):
                self.say('Triggers were not as they should be: installed again.', 'warning')
            self.require_triggers()
            repair_register(self.using)
            self.settle()
            if left := list(islice(find_drift(self.using), NAMED)):
                self.fail(f'Still not right: {"; ".join(map(str, left))}.')
            self.say('The register is right: it says what NetBox and the asset profiles say.')

    def report_drift(self):
        """Log what differs, by type and kind, and keep the counts as the job's data."""
        self.say('Comparing the register with every CI and every asset profile.')
        counts, named = Counter(), []
        for drift in find_drift(self.using):
            counts[f'{drift.label}: {drift.kind}'] += 1
            if len(named) < NAMED:
                named.append(drift)
        self.job.data = dict(counts)
        if not counts:
            self.say('Nothing differs.')
            return
        for what, count in counts.items():
            self.say(f'{what}: {count}', 'warning')
        for drift in named:
            self.say(str(drift), 'warning')
        if (more := counts.total() - len(named)) > 0:
            self.say(f'and {more} more', 'warning')


class SettleEverythingJob(RegisterJob):
    """Works out what every CI inherits, whether anything is marked or not."""

    class Meta:
        name = 'Work out everything CIs inherit'

    def run(self, *args, **kwargs):
        self.settle(everything=True)
