"""
Where the boxes of a dependency picture go: columns from dependents on the left to providers on the right.

The longest path decides the column, so that every arrow points to the right; only the edges that close a cycle point
back. Within a column the barycentre of the neighbours decides the order, which avoids crossings where it can.
"""
from collections import defaultdict

__all__ = ('arrange', 'bundle', 'columns_of')

SWEEPS = 4


def columns_of(nodes, edges):
    """{node: column}, 0 being leftmost; `edges` are pairs (dependent, provider) among `nodes`."""
    following = defaultdict(list)
    for dependent, provider in edges:
        if dependent != provider:
            following[dependent].append(provider)
    order, closing = _depth_first(nodes, following)
    column = dict.fromkeys(nodes, 0)
    for node in reversed(order):
        for provider in following[node]:
            if (node, provider) not in closing:
                column[provider] = max(column[provider], column[node] + 1)
    return column


def _depth_first(nodes, following):
    """Nodes in the order they are left in, and the edges that close a cycle. No recursion: chains are long."""
    order, closing, open_, done = [], set(), set(), set()
    for start in nodes:
        stack = [(start, iter(following[start]))] if start not in done else []
        open_.update(node for node, _rest in stack)
        while stack:
            node, rest = stack[-1]
            for provider in rest:
                if provider in open_:
                    closing.add((node, provider))
                elif provider not in done:
                    open_.add(provider)
                    stack.append((provider, iter(following[provider])))
                    break
            else:
                stack.pop()
                open_.discard(node)
                done.add(node)
                order.append(node)
    return order, closing


def arrange(column, edges):
    """Columns as lists of nodes, from top to bottom, of {node: column}; nodes come in the order they are to keep."""
    columns = [[] for _ in range(max(column.values(), default=-1) + 1)]
    for node, number in column.items():
        columns[number].append(node)
    before, after = defaultdict(list), defaultdict(list)
    for dependent, provider in edges:
        after[dependent].append(provider)
        before[provider].append(dependent)
    for sweep in range(SWEEPS):
        neighbours, order = (before, columns) if sweep % 2 == 0 else (after, columns[::-1])
        for nodes in order:
            # Relative, since columns differ in length.
            place = {node: (i + .5) / len(c) for c in columns for i, node in enumerate(c)}
            nodes.sort(key=lambda node, at=place, near=neighbours: _barycentre(at, near[node], at[node]))
    return columns


def _barycentre(place, neighbours, otherwise):
    found = [place[node] for node in neighbours if node in place]
    return sum(found) / len(found) if found else otherwise


def bundle(nodes, edges, alike):
    """
    [[node, …], …]: nodes with the same neighbours on both sides and the same `alike(node)` are drawn as one.

    `alike` gives None for a node that stands by itself.
    """
    before, after = defaultdict(set), defaultdict(set)
    for dependent, provider in edges:
        after[dependent].add(provider)
        before[provider].add(dependent)
    bundles = {}
    for node in nodes:
        kind = alike(node)
        key = node if kind is None else (kind, frozenset(before[node]), frozenset(after[node]))
        bundles.setdefault((kind is None, key), []).append(node)
    return list(bundles.values())
