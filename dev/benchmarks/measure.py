"""
Measures rows in one database: `measure SIZE TEXT SMALLER`, where TEXT is in the rows' names and SMALLER is a second
database to compare with, or ''. Run by `dev/bench`, which reads one JSON object per line of standard output; whatever
else is printed goes to the log.
"""
import gc
import json
import statistics
import sys
import time

import django

answers, sys.stdout = sys.stdout, sys.stderr

ROUNDS, MOST_ROUNDS = 7, 201        # a median of fewer says little


def main(size, text, smaller):
    django.setup()
    from benchmarks.rows import load_rows
    from benchmarks.rows.base import Bench
    from benchmarks.sizes import SIZES

    bench = Bench(SIZES[size], connect(smaller))
    for row in load_rows():
        if text not in row.title(bench.size) or (row.compares_sizes and not bench.smaller):
            continue
        subject, against, rounds = measure(row, bench)
        print(json.dumps({
            'name': row.title(bench.size), 'limit': row.limit, 'subject': subject, 'against': against,
            'unit': row.meter.unit, 'rounds': rounds,
        }), file=answers, flush=True)


def connect(database):
    """A second database beside the one of the configuration, under the alias that this returns."""
    if not database:
        return None
    from django.db import connections
    connections.databases['smaller'] = {**connections.databases['default'], 'NAME': database}
    return 'smaller'


def measure(row, bench):
    """The medians of both sides, measured in turn, and how often."""
    subject, against = row.sides(bench)
    for side in (subject, against):
        row.meter(side)             # warms caches, imports what is imported late
    gc.freeze()
    taken = {subject: [], against: []}
    end_at, rounds = time.monotonic() + row.seconds, 0
    while rounds < ROUNDS or (time.monotonic() < end_at and rounds < MOST_ROUNDS):
        # Whoever comes second finds the processor and the database's memory as the first one left them: take turns.
        for side in (subject, against) if rounds % 2 else (against, subject):
            taken[side].append(row.meter(side) * side.times)
        rounds += 1
    gc.unfreeze()
    return statistics.median(taken[subject]), statistics.median(taken[against]), rounds


main(*sys.argv[1:])
