"""Ways through the dependency graph: how far, and by which CIs."""
from collections import defaultdict, deque

__all__ = ('distances', 'shortest_path')


def distances(start, steps):
    """{node: number of steps} of all that can be reached from `start` by `steps`, pairs (from, to)."""
    following = _following(steps)
    found, queue = {start: 0}, deque([start])
    while queue:
        node = queue.popleft()
        for other in following[node]:
            if other not in found:
                found[other] = found[node] + 1
                queue.append(other)
    return found


def shortest_path(start, goal, steps):
    """The nodes from `start` to `goal`, both included, on a shortest way; of several the first by name. [] if none."""
    following = _following(steps)
    came_from, queue = {start: None}, deque([start])
    while queue and goal not in came_from:
        node = queue.popleft()
        for other in sorted(following[node]):
            if other not in came_from:
                came_from[other] = node
                queue.append(other)
    if goal not in came_from:
        return []
    path = [goal]
    while came_from[path[-1]] is not None:
        path.append(came_from[path[-1]])
    return path[::-1]


def _following(steps):
    following = defaultdict(list)
    for one, other in steps:
        following[one].append(other)
    return following
