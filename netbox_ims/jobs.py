"""
Background jobs: one looks after the register unasked, one reminds people of what is due; others mend the register, work
out all of it or run rules when asked.
"""
from collections import Counter
from contextlib import contextmanager
from functools import partial
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import router
from django.utils import timezone
from django_pg_utils import advisory_lock

from core.choices import JobIntervalChoices
from core.exceptions import JobFailed
from netbox.context_managers import event_tracking
from netbox.jobs import JobRunner, system_job
from netbox.plugins import get_plugin_config
from users.models import User
from utilities.request import apply_request_processors, copy_safe_request

from .choices import ClassificationRuleModeChoices
from .core_integration.branching import schemas
from .models import ClassificationRule, RegisterEntry
from .querysets.history import history_start
from .services.baselines import take_baseline
from .services.classification_rules import BATCH, run_rule
from .services.continuity_tests import notify_overdue, tidy_changes
from .services.derive import settle
from .services.history import begin_history, prune_history
from .services.reconcile import find_drift, repair_register
from .services.reminders import remind
from .services.risk import expire_acceptances
from .services.triggers import install_triggers, trigger_status

__all__ = (
    'KEEP_INTERVAL', 'KeepRegisterJob', 'KeepTestsJob', 'PruneHistoryJob', 'RemindJob', 'RepairRegisterJob',
    'RunRulesJob', 'SettleEverythingJob', 'TakeBaselineJob',
)

PRUNE_INTERVAL = 24 * 60    # minutes
KEEP_INTERVAL = 1           # minutes: so long a script's changes may wait for what follows from them
PATIENCE = 10               # seconds to wait for somebody else who is working out derived values
LOCK = 'netbox_ims.register'
NAMED = 20                  # how many differences a log names; the counts say how many there are


class TellingJob(JobRunner):
    """Base of jobs that say what they do while they do it."""

    def say(self, message, level='info'):
        """A line of the job's log that can be read at once, not only when the job has ended."""
        getattr(self.logger, level)(message)
        self.job.save(update_fields=['log_entries', 'data'])

    def fail(self, message):
        self.say(message, 'error')
        raise JobFailed()


class RegisterJob(TellingJob):
    """Base of jobs that may mend the register: one at a time."""

    @property
    def using(self):
        return router.db_for_write(RegisterEntry)

    @contextmanager
    def alone(self):
        """
        Yields whether this job is the only one at it. NetBox never schedules a system job twice, but somebody may have
        started a repair by hand meanwhile, and two that replace the same triggers could deadlock.
        """
        with advisory_lock(LOCK, wait=False, using=self.using) as acquired:
            yield acquired

    def settle(self, everything=False, label=''):
        """Work out what CIs inherit, where it is marked or all of it, and say how much changed."""
        def tell(done, total):
            self.say(f'{label}{done:,} of {total:,} entries written.')

        settled = settle(self.using, PATIENCE, everything, tell)
        if settled.busy:
            what = 'Others are changing the same CIs: what is left will be worked out a minute from now.'
            self.say(f'{label}{what}', 'warning')
        elif settled.marks or settled.everything:
            self.say(f'{label}What CIs inherit is worked out: {settled.changed:,} entries changed.')

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
            for schema in schemas():
                with schema.active():
                    self.keep(schema.label)

    def keep(self, label):
        """In main or in a branch: `label` says which, in front of what the log says."""
        status = trigger_status(self.using)
        if status.ok:
            self.say(f'{label}The register is kept: every trigger is in place.')
        else:
            self.say(f'{label}The register was not kept: {status}.', 'warning')
            install_triggers(self.using)
            self.require_triggers()
            self.say(
                f'{label}Triggers are in place again, and every register entry says what its CI and its profile say.'
            )
        self.settle(label=label)
        begin_history(self.using)


@system_job(interval=PRUNE_INTERVAL)
class PruneHistoryJob(RegisterJob):
    """Deletes what the register said longer ago than it is to be kept, where a setting says so."""

    class Meta:
        name = 'Prune the history of the register'

    def run(self, *args, **kwargs):
        if (pruned := prune_history()) is None:
            self.say('Everything is kept: no retention is set.')
        else:
            since = f'{history_start():%Y-%m-%d %H:%M:%S %Z}'
            self.say(f'{pruned:,} versions deleted. The register is known since {since}.')


@system_job(interval=JobIntervalChoices.INTERVAL_DAILY)
class KeepTestsJob(TellingJob):
    """Tells people which continuity tests are overdue, and tidies up the changes that make tests stale."""

    class Meta:
        name = 'Keep the continuity tests'

    def run(self, *args, **kwargs):
        tests, people = notify_overdue()
        self.say(f'{tests} tests have become overdue; {people} notifications were made.')
        for schema in schemas():
            with schema.active():
                if schema.has_register:
                    self.say(f'{schema.label}{tidy_changes(schema.using)} older changes of configuration removed.')


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
            begin_history(self.using)
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


@system_job(interval=JobIntervalChoices.INTERVAL_HOURLY)
class RemindJob(TellingJob):
    """
    Ends acceptances of risks whose last day has passed, and reminds people of what is due, once of each date: hourly,
    so that a new day is noticed whatever the server's time zone, and whenever a worker was away.
    """

    class Meta:
        name = 'Remind of risks'

    def run(self, *args, **kwargs):
        if expired := expire_acceptances():
            self.say(f'{len(expired)} acceptances of risks have ended.')
        reminded = remind(get_plugin_config('netbox_ims', 'review_notice_days'))
        self.say(f'{reminded.sent} notifications sent.')
        if reminded.nobody:
            self.say(f'{reminded.nobody} are due that no user is behind, or none who may see them.', 'warning')


class RunRulesJob(TellingJob):
    """
    Runs one classification rule, or all that are enabled, as the person who asked: in their name, and on the CIs they
    may see. Its data tells for each rule what came of it.
    """

    class Meta:
        name = 'Run classification rules'

    @classmethod
    def start(cls, request, rule=None):
        """Enqueue the job for whoever makes the request: for one rule, or all that are enabled."""
        return cls.enqueue(instance=rule, user=request.user, request=copy_safe_request(request, include_files=False))

    def run(self, request, *args, **kwargs):
        user = User.objects.filter(pk=self.job.user_id, is_active=True).first()
        if user is None:
            self.fail('Whoever started this is no longer there, or no longer active.')
        request.user = user
        rules = ClassificationRule.objects.restrict(user, 'run').in_force()
        if self.job.object_id:
            rules = rules.filter(pk=self.job.object_id)
        self.job.data = {'rules': [], 'changed': 0}
        if not rules:
            self.say('No enabled rule to run.', 'warning')
        # The request's context says which branch is meant, and who; each batch has one of its own for its events.
        with apply_request_processors(request):
            stopped = [rule.name for rule in rules if not self.run_one(rule, user, partial(event_tracking, request))]
            settle(router.db_for_write(RegisterEntry), PATIENCE)
        if stopped:
            self.fail(f'Stopped before the end: {", ".join(stopped)}. What was changed until then stands.')

    def run_one(self, rule, user, batch_context):
        """Returns whether it came to its end; a broken rule, which matches nothing, is skipped and reported."""
        if problems := rule.problems:
            self.note(rule, problems=problems)
            self.say(f'Rule “{rule}” is broken and was skipped: {" ".join(problems)}', 'warning')
            return True
        result = run_rule(rule, user, partial(self.progress, rule), batch_context)
        self.note(
            rule, matches=result.matches, would_change=result.would_change, changed=result.changed,
            already_classified=result.already_classified, claimed_by_earlier=result.claimed_by_earlier,
            problems=result.problems,
        )
        suggests = rule.mode == ClassificationRuleModeChoices.SUGGEST
        done = f'{result.would_change} CIs to suggest it for' if suggests else f'{result.changed} CIs changed'
        self.say(
            f'Rule “{rule}”: {done}; of {result.matches} that match, {result.already_classified} are already '
            f'classified and {result.claimed_by_earlier} are for an earlier rule.'
        )
        if result.problems:
            self.say(f'Rule “{rule}” stopped: {" ".join(result.problems)}', 'error')
        return not result.problems

    def note(self, rule, **what):
        self.job.data['rules'].append({'rule': rule.pk, 'name': rule.name, 'mode': rule.mode, **what})
        self.job.data['changed'] += what.get('changed', 0)

    def progress(self, rule, done, total):
        """A line for each tenth of a rule's CIs."""
        if 10 * done // total > 10 * max(done - BATCH, 0) // total and done < total:
            self.say(f'Rule “{rule}”: {done} of {total} CIs.')


class TakeBaselineJob(TellingJob):
    """Seals the register as it was when somebody asked for it, in their name and as far as they may see it."""

    class Meta:
        name = 'Take a baseline'

    @classmethod
    def start(cls, request, as_of=None, **wanted):
        """Enqueue the job for whoever makes the request; `wanted` as services.baselines.take_baseline() has it."""
        return cls.enqueue(
            user=request.user, request=copy_safe_request(request, include_files=False),
            wanted={**wanted, 'as_of': as_of or timezone.now()}
        )

    def run(self, request, wanted, *args, **kwargs):
        user = User.objects.filter(pk=self.job.user_id, is_active=True).first()
        if user is None or not user.has_perm('netbox_ims.add_baseline'):
            self.fail('Whoever started this is no longer there, or may no longer take baselines.')
        with apply_request_processors(request):
            try:
                baseline = take_baseline(user=user, **wanted)
            except ValidationError as e:
                self.fail(' '.join(e.messages))
        self.job.data = {'baseline': baseline.pk, 'rows': baseline.rows, 'sha256': baseline.sha256}
        self.say(f'Baseline “{baseline}”: {baseline.rows:,} rows, SHA-256 {baseline.sha256}.')
