"""
What fails if some CIs do, for whom, and in what order to recover: worked out for a user, and nothing kept.

CIs the user may not see can't be picked, and go by no name. They take part in what fails with what is picked, as they
do in what CIs inherit: that there is something on the way is no secret, what it is, is.
"""
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.contrib.contenttypes.models import ContentType
from django.db import router
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dcim.models import Device
from virtualization.models import VirtualMachine

from ..ci_types import get_ci_types
from ..models import BusinessFunction, BusinessImpactAnalysis, ITService, RegisterEntry
from ..models.mixins import CIReference
from ..querysets.register import as_array
from ..querysets.visibility import is_superuser
from ..rules.durations import format_minutes
from ..rules.what_if import BEYOND, NO_LIMIT, UNKNOWN, WITHIN, RecoveryOrder, RecoveryStep, outlast
from ..services.failure import (
    everything_above,
    id_of,
    name_of,
    pair_of,
    recovery_times,
    type_of,
    undetermined_edges,
    what_falls,
)
from .inheritance import Result

__all__ = ('OUTCOMES', 'LostFunction', 'Step', 'WhatIf')

LIMIT = 200_000         # edges that it takes to tell what falls
MOST_WEAKENED = 10_000  # CIs looked at for the IT services that are degraded
WAITS = 3               # of the steps one waits for, so many are named
# What may become of a function, the worst first
OUTCOMES = {
    BEYOND: gettext_lazy('MTPD passed'), UNKNOWN: gettext_lazy('Limit unknown'),
    WITHIN: gettext_lazy('Within the MTPD'), NO_LIMIT: gettext_lazy('No limit within the horizon'),
}
ORDER = {status: number for number, status in enumerate(OUTCOMES)}


def _by_name(ci):
    return ci.name.lower()


@dataclass(frozen=True)
class Step:
    """One line of the recovery order. Without a `ci` it is one that the user may not see."""
    step: RecoveryStep
    ci: CIReference | None
    own: int | None
    minutes: int | None
    brings_back: tuple

    @property
    def number(self):
        return self.step.number

    @property
    def is_required(self):
        """Whether the time is not its own, but what is required of it."""
        return self.minutes is not None and self.own != self.minutes

    @property
    def waits_for(self):
        """The last of the steps it waits for, as text: what is done by then is done."""
        numbers = [str(number) for number in self.step.waits_for]
        return ', '.join(numbers if len(numbers) <= WAITS else ['…', *numbers[-WAITS:]])


class Steps(Sequence):
    """The recovery order of a WhatIf: only the Steps that are asked for are looked up, a slice at a time."""

    def __init__(self, what_if, steps):
        self.what_if, self.steps = what_if, steps

    def __len__(self):
        return len(self.steps)

    def __getitem__(self, index):
        found = self.steps[index]
        return self.what_if.named(found) if isinstance(index, slice) else self.what_if.named([found])[0]

    def __iter__(self):
        return iter(self[:])


@dataclass(frozen=True)
class LostFunction:
    """A business function that is down, against how long it may be; `services` are those of its providers lost too."""
    ci: CIReference
    rto: int | None
    mtpd: int | None
    status: str
    margin: int | None
    services: tuple = ()

    @property
    def result(self):
        if self.status == BEYOND:
            return Result(_('{time} beyond').format(time=format_minutes(-self.margin)), 'ims-bad', 'alert-octagon')
        if self.status == WITHIN:
            return Result(_('{time} left').format(time=format_minutes(self.margin)), 'ims-ok', 'check-circle')
        if self.status == NO_LIMIT:
            return Result(OUTCOMES[NO_LIMIT], 'badge-outline text-secondary')
        return Result(_('Undetermined'), 'ims-unk', 'help')


class WhatIf:
    """
    `picked` are (CIType, object) that fail for `outage` minutes. A constant number of queries, however many CIs fall
    (but see services.failure, by which CIs go by one integer each in here).
    """

    def __init__(self, picked, outage, user):
        self.picked, self.outage, self.user, self.as_of = picked, outage, user, timezone.now()
        self.using = router.db_for_read(RegisterEntry)
        down, links = what_falls(self._start, self.using, LIMIT)
        self.too_many = down is None
        self.down, self.links = down or set(), links or []

    @cached_property
    def visible(self):
        return RegisterEntry.objects.restrict(self.user, 'view')

    @cached_property
    def _start(self):
        """What is picked, and all that is in it, as far as the user may see that."""
        picked, sites, inside = [], [], {Device: Q(), VirtualMachine: Q()}
        for ci_type, ci in self.picked:
            picked.append((ci_type.content_type.pk, ci.pk))
            if ci_type.label == 'dcim.site':
                sites.append(ci.pk)
            elif ci_type.label == 'dcim.rack':
                inside[Device] |= Q(rack=ci.pk)
            elif ci_type.label == 'virtualization.cluster':
                inside = {model: condition | Q(cluster=ci.pk) for model, condition in inside.items()}
        for model, condition in inside.items():
            if condition:
                type_id = _type_id(model)
                found = model.objects.filter(condition).order_by().values_list('pk', flat=True)
                picked += [(type_id, pk) for pk in found]
        start = self.visible.among(picked) | self.visible.filter(site__in=sites)
        return {name_of(*ci) for ci in start.order_by().values_list('object_type_id', 'object_id')}

    @cached_property
    def _seen(self):
        """What is down, as far as the user may see it."""
        if is_superuser(self.user):
            return self.down
        seen = self.visible.among(map(pair_of, self.down)).order_by()
        return {name_of(*ci) for ci in seen.values_list('object_type_id', 'object_id')}

    def _details(self, cis):
        """{CI: (CIReference, own RTO, effective RTO)} of those of `cis` that the user may see."""
        types = {ci_type.content_type.pk: ci_type.content_type for ci_type in get_ci_types().values()}
        entries = RegisterEntry.objects.among(map(pair_of, self._seen.intersection(cis))).order_by().values_list(
            'object_type_id', 'object_id', 'name', 'rto_minutes', 'effective_rto_minutes'
        )
        return {
            name_of(type_id, pk): (CIReference(types[type_id], pk, name), own, effective)
            for type_id, pk, name, own, effective in entries if type_id in types
        }

    # -- what is lost

    @cached_property
    def down_by_type(self):
        """[(how many are down, what such CIs are called)] of those the user may see but functions, the most first."""
        counts = Counter(map(type_of, self._seen - set(self._of_type(BusinessFunction, self._seen))))
        found = [(counts[ci_type.content_type.pk], ci_type.model._meta) for ci_type in get_ci_types().values()]
        return [
            (count, meta.verbose_name if count == 1 else meta.verbose_name_plural)
            for count, meta in sorted(found, key=lambda each: -each[0]) if count
        ]

    @property
    def down_count(self):
        return len(self._seen)

    @property
    def hidden(self):
        """How many of what is down the user may not see."""
        return len(self.down) - self.down_count

    @cached_property
    def hidden_steps(self):
        """How many of the steps to recover are of CIs that the user may not see."""
        unseen = self.down - self._seen
        return len(unseen) - len(self._of_type(BusinessFunction, unseen))

    @cached_property
    def undetermined(self):
        """How many edges between CIs that are down, of those the user may see, are undetermined."""
        return undetermined_edges(self._seen, self.using)

    def _of_type(self, model, cis):
        type_id = _type_id(model)
        return [ci for ci in cis if type_of(ci) == type_id]

    def _named_services(self, cis):
        """{CI: CIReference} of IT services that the user may see."""
        content_type = ContentType.objects.get_for_model(ITService)
        names = self.visible.among(map(pair_of, cis)).order_by().values_list('object_id', 'name')
        return {name_of(content_type.pk, pk): CIReference(content_type, pk, name) for pk, name in names}

    @cached_property
    def _services(self):
        return self._named_services(self._of_type(ITService, self._seen))

    @cached_property
    def services(self):
        """The IT services lost."""
        return sorted(self._services.values(), key=_by_name)

    @cached_property
    def degraded(self):
        """
        IT services that stay up since a redundancy group holds, theirs or one of what they need, but have lost
        something; None if more CIs depend on such groups than can be looked at.
        """
        weakened = {link.dependent for link in self.links} - self.down
        above = everything_above(weakened, self.using, MOST_WEAKENED) if weakened else set()
        if above is None:
            return None
        services = self._named_services(self._of_type(ITService, above - self.down))
        return sorted(services.values(), key=_by_name)

    @cached_property
    def functions(self):
        """LostFunctions, those longest beyond their limit first."""
        lost = self._details(self._of_type(BusinessFunction, self.down))
        functions = BusinessFunction.objects.filter(pk__in=as_array(map(id_of, lost)))
        limits = dict(functions.values_list('pk', 'mtpd_minutes'))
        analyses = BusinessImpactAnalysis.objects.restrict(self.user, 'view')
        unlimited = as_array(pk for pk, mtpd in limits.items() if mtpd is None)
        analysed = set(analyses.filter(function__in=unlimited).order_by().values_list('function_id', flat=True))
        services = defaultdict(set)
        for link in self.links:
            if link.dependent in lost and link.provider in self._services:
                services[link.dependent].add(self._services[link.provider].name)
        found = []
        for ci, (reference, own, _effective) in lost.items():
            mtpd = limits.get(id_of(ci))
            status, margin = outlast(self.outage, mtpd, id_of(ci) in analysed)
            found.append(LostFunction(reference, own, mtpd, status, margin, tuple(sorted(services[ci]))))
        return sorted(found, key=lambda each: (ORDER[each.status], each.margin or 0, each.ci.name.lower()))

    @cached_property
    def function_count(self):
        """How many business functions there are that the user may see."""
        return self.visible.of_type(BusinessFunction).count()

    @cached_property
    def by_outcome(self):
        """{what became of them: functions}, the worst first."""
        found = {}
        for function in self.functions:
            found.setdefault(function.status, []).append(function)
        return found

    @property
    def beyond(self):
        return self.by_outcome.get(BEYOND, [])

    @property
    def unknown(self):
        return self.by_outcome.get(UNKNOWN, [])

    @property
    def worst(self):
        """How far beyond its limit the function is that is worst off, as text; '' if none is."""
        return format_minutes(max((-function.margin for function in self.beyond), default=None))

    # -- how to recover

    @cached_property
    def steps(self):
        results = set(self._of_type(BusinessFunction, self.down))
        return Steps(self, RecoveryOrder(self.down, self.links, recovery_times(self.down, self.using), results))

    def named(self, steps):
        """RecoverySteps as Steps."""
        details = self._details({ci for step in steps for ci in (step.ci, *step.brings_back)})
        unseen = None, None, None
        return [
            Step(step, *details.get(step.ci, unseen), tuple(details[ci][0] for ci in step.brings_back if ci in details))
            for step in steps
        ]


def _type_id(model):
    return ContentType.objects.get_for_model(model).pk
