"""
Why merging, reverting or syncing a branch would fail over asset profiles, or merging over a statement of applicability
that was approved meanwhile, said before it is tried.

A CI has one profile. Where both sides made one, or the CI that a profile is about is gone on the other side,
netbox-branching fails halfway through with a message about a constraint (it then takes everything back). The iterative
strategy replays every change ever made, so that undoing one in the branch does not help; squash replays what is left.
"""
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from netbox_branching.choices import BranchMergeStrategyChoices
from netbox_branching.utilities import BranchActionIndicator

from core.choices import ObjectChangeActionChoices
from netbox.context import current_request

from ..ci_types import get_ci_types
from ..constants import ENTRY_EVIDENCE, STATEMENT_EVIDENCE
from ..models import AssetProfile, RegisterEntry, SoaEntry, StatementOfApplicability

__all__ = ('may_merge', 'may_revert', 'may_sync', 'refuse_by_strategy')

NAMED = 5           # CIs
CHUNK = 1000
CREATE, DELETE = ObjectChangeActionChoices.ACTION_CREATE, ObjectChangeActionChoices.ACTION_DELETE


@dataclass
class ProfileChanges:
    """
    What replaying change records does to profiles and CIs. In a `backwards` replay, what was deleted is made again.
    `net`: only what is left of all the changes to one profile, as the strategy squash has it.
    """
    changes: object                 # queryset of change records, oldest first
    backwards: bool = False
    net: bool = False
    made: dict = field(default_factory=dict)            # profile's primary key -> (object type, id) of its CI
    removed: set = field(default_factory=set)           # profiles' primary keys
    edited: set = field(default_factory=set)
    cis_made: set = field(default_factory=set)          # (object type, id)

    def __post_init__(self):
        making, removing = (DELETE, CREATE) if self.backwards else (CREATE, DELETE)
        data = 'prechange_data' if self.backwards else 'postchange_data'
        profiles = ContentType.objects.get_for_model(AssetProfile)
        keys = (f'{data}__object_type', f'{data}__object_id')
        of_profiles = self.changes.filter(changed_object_type=profiles)
        for pk, action, *ci in of_profiles.values_list('changed_object_id', 'action', *keys).iterator():
            if action == making:
                self.made[pk] = tuple(ci)
            elif action == removing:
                self.removed.add(pk)
            else:
                self.edited.add(pk)
        self.edited -= self.made.keys()
        if self.net:
            self.made = {pk: ci for pk, ci in self.made.items() if pk not in self.removed}
            self.edited -= self.removed
        types = [ci_type.content_type.pk for ci_type in get_ci_types().values()]
        of_cis = self.changes.filter(changed_object_type__in=types, action=making)
        self.cis_made.update(of_cis.values_list('changed_object_type_id', 'changed_object_id'))

    def assessed_twice(self, using):
        """CIs that would get a second profile in the schema replayed to."""
        return {
            (type_id, object_id) for pk, type_id, object_id in self._profiles_in(using)
            if pk not in self.made and pk not in self.removed
        }

    def gone(self, using):
        """CIs of profiles to be made that the schema replayed to does not have, and is not about to have."""
        gone = set()
        for ci_type in get_ci_types().values():
            type_id, cis = ci_type.content_type.pk, ci_type.model._base_manager.using(using)
            for ids in self._chunks_of(type_id):
                there = set(cis.filter(pk__in=ids).values_list('pk', flat=True))
                gone.update((type_id, pk) for pk in ids if pk not in there)
        return gone - self.cis_made

    def lost(self, using):
        """How many profiles to be edited the schema replayed to does not have."""
        profiles = AssetProfile.objects.using(using)
        return sum(len(pks) - profiles.filter(pk__in=pks).count() for pks in _chunks(sorted(self.edited)))

    def _profiles_in(self, using):
        """(primary key, object type, id) of the profiles that the CIs to be given one have already."""
        profiles = AssetProfile.objects.using(using)
        for type_id in {type_id for type_id, _object_id in self.made.values()}:
            for ids in self._chunks_of(type_id):
                of_cis = profiles.filter(object_type=type_id, object_id__in=ids)
                yield from of_cis.values_list('pk', 'object_type_id', 'object_id')

    def _chunks_of(self, type_id):
        """Ids of the CIs of a type that are to be given a profile, in chunks."""
        return _chunks(sorted(object_id for of_type, object_id in self.made.values() if of_type == type_id))


def _chunks(values):
    return (values[start:start + CHUNK] for start in range(0, len(values), CHUNK))


#
# What netbox-branching asks
#

def may_merge(branch):
    """Whether there is a strategy with which it can be merged; which one is chosen is not known yet."""
    if not branch.ready:
        return BranchActionIndicator(True)
    changes = branch.get_unmerged_changes().order_by('time')
    problems = _problems(ProfileChanges(changes, net=True), DEFAULT_DB_ALIAS, branch.connection_name, _user())
    if problems:
        problems.append(_('Delete these asset profiles in the branch, then merge it with the strategy “squash”.'))
    if approved := _approved_meanwhile(changes):
        problems.append(_(
            'Edited in the branch, and approved in main meanwhile: {statements}. Make a new version in main instead.'
        ).format(statements=', '.join(approved)))
    return BranchActionIndicator(False, ' '.join(problems)) if problems else BranchActionIndicator(True)


def _approved_meanwhile(changes):
    """
    Statements that the changes edit, or entries of which they do, and that main has approved and so would refuse to
    change: by name those that the user may see, the others as one "…".
    """
    frozen = StatementOfApplicability.objects.using(DEFAULT_DB_ALIAS).filter(
        status__in=('approved', 'superseded')
    ).select_related('scope').defer('as_approved').order_by('pk')
    edited = Q(pk__in=_edited(changes, StatementOfApplicability, STATEMENT_EVIDENCE))
    edited |= Q(entries__pk__in=_edited(changes, SoaEntry, ENTRY_EVIDENCE))
    found, user = frozen.filter(edited).distinct(), _user()
    seen = found.filter(pk__in=frozen.restrict(user, 'view').order_by().values('pk')) if user else found.none()
    names = [str(statement) for statement in seen]
    return names if len(names) == found.count() else [*names, '…']


def _edited(changes, model, evidence):
    """Primary keys of the model's objects that the changes alter in what is evidence, or delete."""
    of_model = changes.filter(changed_object_type=ContentType.objects.get_for_model(model)).exclude(action=CREATE)
    return {
        pk for pk, before, after in of_model.values_list('changed_object_id', 'prechange_data', 'postchange_data')
        if after is None or any((before or {}).get(name) != after.get(name) for name in evidence)
    }


def may_revert(branch):
    if not branch.merged:
        return BranchActionIndicator(True)
    net = branch.merge_strategy == BranchMergeStrategyChoices.SQUASH
    replayed = ProfileChanges(branch.get_changes().order_by('time'), backwards=True, net=net)
    problems = _problems(replayed, DEFAULT_DB_ALIAS, DEFAULT_DB_ALIAS, _user())
    if not net and (lost := replayed.lost(DEFAULT_DB_ALIAS)):
        problems.append(_lost(lost))
    if not problems:
        return BranchActionIndicator(True)
    return BranchActionIndicator(False, ' '.join([*problems, _('So it can no longer be reverted.')]))


def may_sync(branch):
    if not branch.ready:
        return BranchActionIndicator(True)
    replayed = ProfileChanges(branch.get_unsynced_changes().order_by('time'))
    problems = _problems(replayed, branch.connection_name, DEFAULT_DB_ALIAS, _user())
    if not problems:
        return BranchActionIndicator(True)
    way_out = _('Delete those of the branch first, or make a new branch.')
    return BranchActionIndicator(False, ' '.join([*problems, way_out]))


def refuse_by_strategy(branch, user):
    """Raise ValidationError, which ends up in the job's report, where the strategy chosen can't do it."""
    if branch.merge_strategy == BranchMergeStrategyChoices.SQUASH:
        return
    replayed = ProfileChanges(branch.get_unmerged_changes().order_by('time'))
    problems = _problems(replayed, DEFAULT_DB_ALIAS, branch.connection_name, user)
    if lost := replayed.lost(DEFAULT_DB_ALIAS):
        problems.append(_lost(lost))
    if problems:
        way_out = _('The iterative strategy replays what has been undone since, too: choose “squash”.')
        raise ValidationError(' '.join([*problems, way_out]))


#
# In words
#

def _user():
    request = current_request.get()
    return request.user if request else None


def _problems(replayed, using, named_in, user):
    """What stands in the way, a sentence each. CIs go by the names they have in the schema `named_in`."""
    problems = []
    if cis := replayed.assessed_twice(using):
        problems.append(ngettext(
            '{count} CI has been assessed both in the branch and in main: {names}.',
            '{count} CIs have been assessed both in the branch and in main: {names}.', len(cis)
        ).format(count=len(cis), names=_names(cis, named_in, user)))
    if cis := replayed.gone(using):
        problems.append(ngettext(
            '{count} CI that has been assessed on one side is gone on the other: {names}.',
            '{count} CIs that have been assessed on one side are gone on the other: {names}.', len(cis)
        ).format(count=len(cis), names=_names(cis, named_in, user)))
    return problems


def _lost(count):
    return ngettext(
        '{count} asset profile that was changed in the branch is gone in main.',
        '{count} asset profiles that were changed in the branch are gone in main.', count
    ).format(count=count)


def _names(cis, using, user):
    """Some of them by name: those the user may see. Without a user, none."""
    if user is None:
        return '…'
    of_types = Q()
    for type_id in {type_id for type_id, _object_id in cis}:
        ids = sorted(object_id for of_type, object_id in cis if of_type == type_id)[:CHUNK]
        of_types |= Q(object_type=type_id, object_id__in=ids)
    entries = RegisterEntry.objects.using(using).restrict(user, 'view').filter(of_types)
    names = [f'{entry} ({entry.type_name})' for entry in entries.select_related('object_type')[:NAMED]]
    if len(names) < len(cis):
        names.append('…')
    return ', '.join(names)
