"""
If these CIs fail: what fails with them, for which business functions that lasts too long, and in what order to recover
(ISO 22301 8.3, 8.4.5; ISO/IEC 20000-1 8.7.2).

CIs are named as in rules.graph. Times are minutes, None is unknown: of an unknown limit nobody can say that it holds,
and what has no recovery time comes last.
"""
import heapq
from collections import defaultdict, deque
from collections.abc import Sequence
from functools import cached_property
from itertools import islice
from typing import NamedTuple

__all__ = ('BEYOND', 'NO_LIMIT', 'UNKNOWN', 'WITHIN', 'RecoveryOrder', 'RecoveryStep', 'fail', 'outlast')

WITHIN, BEYOND, NO_LIMIT, UNKNOWN = 'within', 'beyond', 'no_limit', 'unknown'


def fail(picked, edges):
    """
    The CIs that are down once those `picked` are: whatever needs one of them, directly or not. Of a redundancy group
    all members must be down. CIs that only depend on each other in a cycle keep each other up.
    """
    alone, members, groups = defaultdict(set), defaultdict(set), defaultdict(set)
    for edge in edges:
        if edge.group:
            members[edge.dependent, edge.group].add(edge.provider)
            groups[edge.provider].add((edge.dependent, edge.group))
        else:
            alone[edge.provider].add(edge.dependent)
    up = {group: len(providers) for group, providers in members.items()}
    down, todo = set(picked), list(picked)
    while todo:
        ci = todo.pop()
        follow = set(alone[ci])
        for group in groups[ci]:
            up[group] -= 1
            if not up[group]:
                follow.add(group[0])
        todo += follow - down
        down |= follow
    return down


def outlast(outage, limit, analysed=False):
    """
    Whether an outage of so many minutes passes the limit (MTPD), and the minutes that are left (negative: beyond it) or
    None. One as long as the limit does not pass it. Where there is none though it was `analysed`, all that was looked
    at can be tolerated.
    """
    if limit is None:
        return (NO_LIMIT if analysed else UNKNOWN), None
    return (BEYOND if outage > limit else WITHIN), limit - outage


class RecoveryStep(NamedTuple):
    """
    One CI to recover: the numbers of the steps it `waits_for`, and what is back with it (`brings_back`). `in_cycle`: it
    comes before something it needs itself, as they need each other.
    """
    number: int
    ci: object
    waits_for: tuple = ()
    brings_back: tuple = ()
    in_cycle: bool = False


class RecoveryOrder(Sequence):
    """
    RecoverySteps that bring back all that is `down`: as soon as what it needs is back, what has the shortest effective
    recovery time in `rto` ({CI: minutes}) comes first; at the same time the CI with the smaller name.

    Of a redundancy group that is down as a whole one member suffices. `results` are CIs that there is nothing to do
    about once what they need is back (business functions): they come back with the step that was the last they needed.

    Worked out as far as somebody looks.
    """

    def __init__(self, down, edges, rto, results=frozenset()):
        self.down, self.results = down, set(results)
        self.order = {}
        for ci in down:
            minutes = rto.get(ci)
            self.order[ci] = minutes is None, minutes or 0, ci
        alone, members = set(), defaultdict(set)
        for edge in edges:
            if edge.dependent in down and edge.dependent != edge.provider:
                if edge.group:
                    members[edge.dependent, edge.group].add(edge.provider)
                elif edge.provider in down:
                    alone.add((edge.dependent, edge.provider))
        self.alone = alone
        # Of a group that holds nothing needs to be recovered first; of another any member will do.
        self.groups = {group: providers for group, providers in members.items() if providers <= down}
        self.needed_by = defaultdict(list)          # provider: [(dependent, group or '')]
        self.missing = dict.fromkeys(down, 0)       # how many of the CIs and groups that it needs are not back
        for dependent, provider in alone:
            self.needed_by[provider].append((dependent, ''))
            self.missing[dependent] += 1
        for (dependent, group), providers in self.groups.items():
            self.missing[dependent] += 1
            for provider in providers:
                self.needed_by[provider].append((dependent, group))
        self.met = set()                            # groups of which a member is back
        self.waited_for = defaultdict(set)
        self.done = set()

        # All results that need something come back with others; those that need each other may have to be steps.
        back = [ci for ci in results if self.missing.get(ci)]
        tangled = any(other in results for ci in back for other, _group in self.needed_by.get(ci, ()))
        self._length = None if tangled else len(down) - len(back)
        self._found, self._rest = [], self._work_out()

    def __len__(self):
        if self._length is None:
            self._found += self._rest
            self._length = len(self._found)
        return self._length

    def __getitem__(self, index):
        last = index.indices(len(self))[1] if isinstance(index, slice) else index
        wanted = len(self) if last < 0 else last + 1
        self._found += islice(self._rest, max(wanted - len(self._found), 0))
        return self._found[index]

    def _work_out(self):
        ready = [self.order[ci] for ci, missing in self.missing.items() if not missing]
        heapq.heapify(ready)
        by_order, first, number = None, 0, 0
        while len(self.done) < len(self.down):
            in_cycle = not ready
            if ready:
                ci = heapq.heappop(ready)[-1]
            else:
                by_order = by_order or sorted(self.order, key=self.order.get)
                while by_order[first] in self.done:
                    first += 1
                ci = self._of_cycle(by_order[first])
            if ci in self.done:
                continue
            number += 1
            back = self._bring_back(ci, number)
            for other in back:
                if other not in self.results:
                    heapq.heappush(ready, self.order[other])
            yield RecoveryStep(
                number, ci, tuple(sorted(self.waited_for.get(ci, ()))),
                tuple(other for other in back if other in self.results), in_cycle,
            )

    def _bring_back(self, ci, number):
        """A CI is back: whoever has all that it needs now; of results, whoever needs these as well."""
        back, todo = [], deque([ci])
        self.done.add(ci)
        while todo:
            for other, group in sorted(self.needed_by.get(todo.popleft(), ())):
                if other in self.done or group and (other, group) in self.met:
                    continue
                if group:
                    self.met.add((other, group))
                self.missing[other] -= 1
                self.waited_for[other].add(number)
                if not self.missing[other]:
                    back.append(other)
                    if other in self.results:
                        self.done.add(other)
                        todo.append(other)
        return back

    @cached_property
    def _needs(self):
        """{dependent: the providers that it needs, or of which it needs one}, with the group that they are part of."""
        needs = defaultdict(list)
        for dependent, provider in self.alone:
            needs[dependent].append((provider, ''))
        for (dependent, group), providers in self.groups.items():
            needs[dependent] += ((provider, group) for provider in providers)
        return needs

    def _of_cycle(self, ci):
        """Of the CIs that need each other, and that this one waits for, the first in order; no result if it can be."""
        way = {}
        while ci not in way:
            way[ci] = len(way)
            ci = min((
                provider for provider, group in self._needs[ci]
                if provider not in self.done and (ci, group) not in self.met
            ), key=self.order.get)
        cycle = {each for each, place in way.items() if place >= way[ci]}
        return min(cycle - self.results or cycle, key=self.order.get)
