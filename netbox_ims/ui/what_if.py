"""
What fails if some CIs do, for whom, and in what order to recover: worked out for a user, and nothing kept.

CIs the user may not see can't be picked, and go by no name. They take part in what fails with what is picked, as they
do in what CIs inherit: that there is something on the way is no secret, what it is, is.
"""
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.contrib.contenttypes.models import ContentType
from django.db import router
from django.db.models import Q
from django.utils.translation import gettext as _

from dcim.models import Device
from virtualization.models import VirtualMachine

from ..ci_types import get_ci_types
from ..models import BusinessFunction, ITService, RegisterEntry
from ..models.mixins import CIReference
from ..querysets.alignment import everything_above
from ..rules.durations import format_minutes
from ..rules.what_if import BEYOND, UNKNOWN, WITHIN, RecoveryStep, outlast, recover
from ..services.failure import what_falls
from .inheritance import Result

__all__ = ('LostFunction', 'Step', 'WhatIf')

LIMIT = 100_000         # CIs that fall, or that something else is made of that is told
WAITS = 3               # of the steps one waits for, so many are named
ORDER = {BEYOND: 0, UNKNOWN: 1, WITHIN: 2}


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
        return Result(_('Undetermined'), 'ims-unk', 'help')


class WhatIf:
    """
    `picked` are (CIType, object) that fail for `outage` minutes. A constant number of queries, however many CIs fall
    (but see services.failure).
    """

    def __init__(self, picked, outage, user):
        self.picked, self.outage, self.user = picked, outage, user
        self.using = router.db_for_read(RegisterEntry)
        down, links = what_falls(self._start, self.using, LIMIT)
        self.too_many = down is None
        self.down, self.links = down or set(), links or set()

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
                type_id = ContentType.objects.get_for_model(model).pk
                found = model.objects.filter(condition).order_by().values_list('pk', flat=True)
                picked += [(type_id, pk) for pk in found]
        start = self.visible.among(picked) | self.visible.filter(site__in=sites)
        return set(start.order_by().values_list('object_type_id', 'object_id'))

    @cached_property
    def _entries(self):
        """{CI: (name, own RTO, effective RTO)} of all that is down, whoever may see it."""
        rows = RegisterEntry.objects.among(self.down).order_by().values_list(
            'object_type_id', 'object_id', 'name', 'rto_minutes', 'effective_rto_minutes'
        )
        return {row[:2]: row[2:] for row in rows}

    @cached_property
    def _seen(self):
        if self.user.is_superuser:
            return self._entries.keys()
        return set(self.visible.among(self.down).order_by().values_list('object_type_id', 'object_id'))

    @cached_property
    def _types(self):
        return {ci_type.content_type.pk: ci_type.content_type for ci_type in get_ci_types().values()}

    def _reference(self, ci):
        """A CI by name, or None if the user may not see it."""
        if ci not in self._seen or ci not in self._entries or ci[0] not in self._types:
            return None
        return CIReference(self._types[ci[0]], ci[1], self._entries[ci][0])

    def _lost(self, model):
        type_id = ContentType.objects.get_for_model(model).pk
        found = filter(None, (self._reference(ci) for ci in self.down if ci[0] == type_id))
        return sorted(found, key=_by_name)

    # -- what is lost

    @property
    def down_by_type(self):
        """[(what such CIs are called, how many are down)] of those the user may see, the most first."""
        counts = Counter(type_id for type_id, _pk in self.down & self._seen)
        metas = {ci_type.content_type.pk: ci_type.model._meta for ci_type in get_ci_types().values()}
        return [
            (count, metas[type_id].verbose_name if count == 1 else metas[type_id].verbose_name_plural)
            for type_id, count in counts.most_common()
        ]

    @property
    def down_count(self):
        return len(self.down & self._seen)

    @property
    def hidden(self):
        """How many of what is down the user may not see."""
        return len(self.down) - self.down_count

    @cached_property
    def services(self):
        return self._lost(ITService)

    @cached_property
    def degraded(self):
        """
        IT services that stay up since a redundancy group holds, theirs or one of what they need, but have lost
        something; None if more CIs depend on such groups than can be looked at.
        """
        weakened = {link.dependent for link in self.links if link.dependent not in self.down}
        above = everything_above(weakened, self.using, LIMIT) if weakened else set()
        if above is None:
            return None
        content_type = ContentType.objects.get_for_model(ITService)
        names = self.visible.among(ci for ci in above - self.down if ci[0] == content_type.pk).order_by()
        return sorted((
            CIReference(content_type, pk, name) for pk, name in names.values_list('object_id', 'name')
        ), key=_by_name)

    @cached_property
    def functions(self):
        """LostFunctions, those longest beyond their limit first."""
        lost = self._lost(BusinessFunction)
        limits = dict(BusinessFunction.objects.filter(pk__in=[ci.object_id for ci in lost]).values_list(
            'pk', 'mtpd_minutes'
        ))
        names = {(ci.object_type.pk, ci.object_id): ci.name for ci in self.services}
        services = defaultdict(list)
        for link in self.links:
            if link.provider in names:
                services[link.dependent].append(names[link.provider])
        found = []
        for ci in lost:
            name = ci.object_type.pk, ci.object_id
            mtpd = limits.get(ci.object_id)
            status, margin = outlast(self.outage, mtpd)
            own = self._entries[name][1]
            found.append(LostFunction(ci, own, mtpd, status, margin, tuple(sorted(set(services[name])))))
        return sorted(found, key=lambda each: (ORDER[each.status], each.margin or 0, each.ci.name.lower()))

    @cached_property
    def function_count(self):
        """How many business functions there are that the user may see."""
        return self.visible.of_type(BusinessFunction).count()

    @property
    def beyond(self):
        return [function for function in self.functions if function.status == BEYOND]

    @property
    def unknown(self):
        return [function for function in self.functions if function.status == UNKNOWN]

    @property
    def worst(self):
        """How far beyond its limit the function is that is worst off, as text; '' if none is."""
        return format_minutes(max((-function.margin for function in self.beyond), default=None))

    # -- how to recover

    @cached_property
    def steps(self):
        function = ContentType.objects.get_for_model(BusinessFunction).pk
        results = {ci for ci in self.down if ci[0] == function}
        rto = {ci: values[2] for ci, values in self._entries.items()}
        found = []
        for step in recover(self.down, self.links, rto, results):
            ci = self._reference(step.ci)
            own, minutes = self._entries[step.ci][1:] if ci else (None, None)
            back = tuple(filter(None, map(self._reference, step.brings_back)))
            found.append(Step(step, ci, own, minutes, back))
        return found
