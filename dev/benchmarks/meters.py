"""What one run of one side costs: in time, in memory, or in queries."""
import gc
import os
import resource
import sys
import time
import traceback

from django.db import connections


class Milliseconds:
    unit = 'ms'

    def __call__(self, side):
        with side.around():
            gc.collect()            # the other side's rubbish is not ours to pay for
            started = time.perf_counter()
            side.run()
            return 1000 * (time.perf_counter() - started)


class Megabytes:
    """By how much a process outgrows itself at its peak: of a copy of this one that does nothing else."""
    unit = 'MB'

    def __call__(self, side):
        connections.close_all()     # a copy must not talk on its parent's connections
        reader, writer = os.pipe()
        if pid := os.fork():
            os.close(writer)
            with open(reader) as answer:
                words = answer.read()
            os.waitpid(pid, 0)
            try:
                return float(words)
            except ValueError:
                raise RuntimeError(words or 'the copy died') from None
        words = ''
        try:
            before = peak()
            with side.around():
                side.run()
            words = str(peak() - before)
        except Exception as e:
            traceback.print_exc()
            words = f'{type(e).__name__}: {e}'
        finally:
            os.write(writer, words.encode())
            os._exit(0)


class Queries:
    """A number of queries that a side has counted itself, and returns."""
    unit = 'queries'

    def __call__(self, side):
        with side.around():
            return side.run()


def peak():
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes / (1024 * 1024 if sys.platform == 'darwin' else 1024)


milliseconds, megabytes, queries = Milliseconds(), Megabytes(), Queries()
