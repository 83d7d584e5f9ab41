"""
Reminding people of what is due, through NetBox's own notifications: reviews of risks, treatments, acceptances.

Risk owners are contacts, who need no account. Reminded are the users behind them: those with the contact's e-mail
address, those of the record's NetBox owner (the team), and whoever subscribed to the record; and of these only who may
see it. Each of them once per record and due date, whatever the job's interval.
"""
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone

from extras.models import Notification, Subscription
from users.models import Owner, User

from ..choices import RiskAcceptanceStatusChoices, RiskStatusChoices
from ..events import RISK_ACCEPTANCE_ENDS, RISK_ACCEPTANCE_EXPIRED, RISK_REVIEW_DUE, RISK_TREATMENT_OVERDUE
from ..models import Reminder, Risk, RiskAcceptance, RiskTreatment

__all__ = ('Reminded', 'remind')

BATCH = 500


@dataclass(frozen=True)
class Source:
    """Something to be reminded of: the records, the field with the date, and whom they concern."""
    event_type: str
    due: str
    records: Callable           # of the last day that counts as due
    contacts: Callable          # of a record
    owners: Callable
    users: Callable = lambda record: ()


def _reviews(until):
    return Risk.objects.exclude(status=RiskStatusChoices.CLOSED).filter(review_due__lte=until).select_related(
        'risk_owner'
    )


def _treatments(until):
    yesterday = timezone.localdate() - timedelta(days=1)
    return RiskTreatment.objects.filter(done_on=None, due__lte=yesterday).exclude(
        risk__status=RiskStatusChoices.CLOSED
    ).select_related('responsible', 'risk__risk_owner')


def _ending(until):
    return RiskAcceptance.objects.filter(
        status=RiskAcceptanceStatusChoices.ACCEPTED, valid_until__lte=until
    ).exclude(risk__status=RiskStatusChoices.CLOSED).select_related('risk__risk_owner')


def _expired(until):
    """Those after which the risk was not accepted again."""
    status = RiskAcceptanceStatusChoices
    return RiskAcceptance.objects.filter(status=status.EXPIRED, decided_on__isnull=False).exclude(
        risk__in=RiskAcceptance.objects.filter(status=status.ACCEPTED).values('risk')
    ).exclude(risk__status=RiskStatusChoices.CLOSED).select_related('risk__risk_owner')


def _owner_of_risk(record):
    return [record.risk.risk_owner]


def _team_of_risk(record):
    return [record.risk.owner_id]


SOURCES = (
    Source(RISK_REVIEW_DUE, 'review_due', _reviews, lambda risk: [risk.risk_owner], lambda risk: [risk.owner_id]),
    Source(
        RISK_TREATMENT_OVERDUE, 'due', _treatments, lambda each: [each.responsible, each.risk.risk_owner], _team_of_risk
    ),
    *(
        Source(event, 'valid_until', records, _owner_of_risk, _team_of_risk, lambda each: [each.requested_by_id])
        for event, records in ((RISK_ACCEPTANCE_ENDS, _ending), (RISK_ACCEPTANCE_EXPIRED, _expired))
    ),
)


@dataclass
class Reminded:
    """How many notifications were made, and how many records are due that concern nobody who could be told."""
    sent: int = 0
    nobody: int = 0


def remind(notice_days):
    """Remind everybody of what is due, or will be within `notice_days`, and was not told so before."""
    until = timezone.localdate() + timedelta(days=notice_days)
    result = Reminded()
    people = _People()
    for source in SOURCES:
        batch = []
        for record in source.records(until).order_by('pk').iterator(chunk_size=BATCH):
            batch.append(record)
            if len(batch) == BATCH:
                _remind_of(source, batch, people, result)
                batch = []
        _remind_of(source, batch, people, result)
    return result


def _remind_of(source, records, people, result):
    if not records:
        return
    model = type(records[0])
    content_type = ContentType.objects.get_for_model(model)
    subscribers = _subscribers(content_type, records)
    wanted = defaultdict(list)          # user -> records
    for record in records:
        whom = people.behind(source.contacts(record), source.owners(record), source.users(record))
        for user in whom | (subscribers[record.pk] & people.active.keys()):
            wanted[user].append(record)
    told = set(Reminder.objects.filter(
        object_type=content_type, event_type=source.event_type, object_id__in=[record.pk for record in records],
    ).values_list('user_id', 'object_id', 'due'))
    reached = set()
    for user, theirs in wanted.items():
        visible = model.objects.restrict(people.active[user], 'view').filter(pk__in=[record.pk for record in theirs])
        may_see = set(visible.values_list('pk', flat=True))
        reached |= may_see
        _notify(source, content_type, user, [
            record for record in theirs
            if record.pk in may_see and (user, record.pk, getattr(record, source.due)) not in told
        ], result)
    result.nobody += len({record.pk for record in records} - reached)


def _subscribers(content_type, records):
    subscribers = defaultdict(set)
    for pk, user in Subscription.objects.filter(
        object_type=content_type, object_id__in=[record.pk for record in records]
    ).values_list('object_id', 'user_id'):
        subscribers[pk].add(user)
    return subscribers


def _notify(source, content_type, user, records, result):
    """One notification per record is all that NetBox keeps for a user: the latest news replaces what was there."""
    if not records:
        return
    with transaction.atomic():
        Reminder.objects.bulk_create([
            Reminder(
                user_id=user, object_type=content_type, object_id=record.pk, event_type=source.event_type,
                due=getattr(record, source.due),
            ) for record in records
        ], ignore_conflicts=True)
        Notification.objects.filter(
            user=user, object_type=content_type, object_id__in=[record.pk for record in records]
        ).delete()
        Notification.objects.bulk_create([
            Notification(
                user_id=user, object_type=content_type, object_id=record.pk, event_type=source.event_type,
                object_repr=Notification.get_object_repr(record),
            ) for record in records
        ])
    result.sent += len(records)


class _People:
    """Which active users stand behind contacts and owners; read once per run."""

    def __init__(self):
        self.active = {user.pk: user for user in User.objects.filter(is_active=True)}
        self.by_email = defaultdict(set)
        for pk, email in User.objects.filter(is_active=True).exclude(email='').values_list('pk', Lower('email')):
            self.by_email[email].add(pk)
        self.by_owner = defaultdict(set)
        for owner, user in [
            *Owner.objects.values_list('pk', 'users'), *Owner.objects.values_list('pk', 'user_groups__user'),
        ]:
            if user in self.active:
                self.by_owner[owner].add(user)

    def behind(self, contacts, owners, users):
        found = {user for user in users if user in self.active}
        for contact in contacts:
            if contact is not None and contact.email:
                found |= self.by_email.get(contact.email.lower(), set())
        for owner in owners:
            found |= self.by_owner.get(owner, set())
        return found
