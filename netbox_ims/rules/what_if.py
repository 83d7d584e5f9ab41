"""
If these CIs fail: what fails with them, for which business functions that lasts too long, and in what order to recover
(ISO 22301 8.3, 8.4.5; ISO/IEC 20000-1 8.7.2).

CIs are named as in rules.graph. Times are minutes, None is unknown: of an unknown limit nobody can say that it holds,
and what has no recovery time comes last.
"""
import heapq
from collections import defaultdict
from dataclasses import dataclass

__all__ = ('BEYOND', 'UNKNOWN', 'WITHIN', 'RecoveryStep', 'fail', 'outlast', 'recover')

WITHIN, BEYOND, UNKNOWN = 'within', 'beyond', 'unknown'


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


def outlast(outage, limit):
    """
    Whether an outage of so many minutes passes the limit (MTPD), and the minutes that are left (negative: beyond it) or
    None. One as long as the limit does not pass it.
    """
    if limit is None:
        return UNKNOWN, None
    return (BEYOND if outage > limit else WITHIN), limit - outage


@dataclass(frozen=True)
class RecoveryStep:
    """
    One CI to recover: the numbers of the steps it `waits_for`, and what is back with it (`brings_back`). `in_cycle`: it
    comes before something it needs itself, as they need each other.
    """
    number: int
    ci: tuple
    waits_for: tuple = ()
    brings_back: tuple = ()
    in_cycle: bool = False


def recover(down, edges, rto, results=frozenset()):
    """
    RecoverySteps that bring back all that is `down`, in order: as soon as what it needs is back, what has the shortest
    effective recovery time in `rto` ({CI: minutes}) comes first; at the same time the CI with the smaller name.

    Of a redundancy group that is down as a whole one member suffices. `results` are CIs that there is nothing to do
    about once what they need is back (business functions): they come back with the step that was the last they needed.
    """
    return _Recovery(down, edges, rto, results).steps()


class _Recovery:

    def __init__(self, down, edges, rto, results):
        self.down, self.rto, self.results = down, rto, results
        self.needed_by = defaultdict(set)       # provider: {(dependent, what it needs: (group, ()), or ('', provider))}
        self.needs = defaultdict(dict)          # dependent: {what it needs: the providers that would do}
        members = defaultdict(set)
        for edge in edges:
            if edge.group and edge.dependent in down:
                members[edge.dependent, edge.group].add(edge.provider)
        for edge in edges:
            if edge.dependent not in down or edge.provider not in down or edge.dependent == edge.provider:
                continue
            if edge.group and not members[edge.dependent, edge.group] <= down:
                continue                        # the group holds
            need = (edge.group, ()) if edge.group else ('', edge.provider)
            self.needs[edge.dependent].setdefault(need, set()).add(edge.provider)
            self.needed_by[edge.provider].add((edge.dependent, need))
        self.missing = {ci: set(self.needs.get(ci, ())) for ci in down}
        self.waited_for = defaultdict(set)
        self.found, self.done = [], set()

    def _order(self, ci):
        minutes = self.rto.get(ci)
        return minutes is None, minutes or 0, ci

    def steps(self):
        ready = [self._order(ci) for ci in self.down if not self.missing[ci]]
        heapq.heapify(ready)
        by_order, first = sorted(self.down, key=self._order), 0
        while len(self.done) < len(self.down):
            if ready:
                in_cycle, ci = False, heapq.heappop(ready)[-1]
            else:
                while by_order[first] in self.done:
                    first += 1
                in_cycle, ci = True, self._of_cycle(by_order[first])
            if ci in self.done:
                continue
            back = self._bring_back(ci)
            number = len(self.found) + 1
            self.found.append(RecoveryStep(
                number, ci, tuple(sorted(self.waited_for[ci])), tuple(other for other in back if other in self.results),
                in_cycle,
            ))
            for other in back:
                if other not in self.results:
                    heapq.heappush(ready, self._order(other))
        return self.found

    def _bring_back(self, ci):
        """A CI is back: whoever has all that it needs now; of results, whoever needs these as well."""
        ready, todo, number = [], [ci], len(self.found) + 1
        self.done.add(ci)
        while todo:
            provider = todo.pop(0)
            for other, need in sorted(self.needed_by.get(provider, ())):
                if need not in self.missing[other] or other in self.done:
                    continue
                self.missing[other].discard(need)
                self.waited_for[other].add(number)
                if not self.missing[other]:
                    ready.append(other)
                    if other in self.results:
                        self.done.add(other)
                        todo.append(other)
        return ready

    def _of_cycle(self, ci):
        """Of the CIs that need each other, and that this one waits for, the first in order."""
        way = {}
        while ci not in way:
            way[ci] = len(way)
            waiting = {provider for need in self.missing[ci] for provider in self.needs[ci][need] - self.done}
            ci = min(waiting, key=self._order)
        return min((each for each, place in way.items() if place >= way[ci]), key=self._order)
