"""
Baselines: taking one, reading its rows, and proving that it still is what it was.

Rows come from the database and go back to it one block at a time, so that a million CIs are never in memory at once.
"""
import json
import zlib
from datetime import UTC
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import connections, router, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from ..ci_types import get_ci_types
from ..models import Baseline, BaselineBlock
from ..querysets.baselines import REGISTER, sight
from ..rules.baseline_check import CHAIN, FINDINGS, HEADER, Finding, check_rows
from ..rules.baselines import Figures, RowSealer, counted_as, header
from ..rules.canonical import canonical, digest
from ..rules.comparison import COMPARED
from .branch_schema import in_branch
from .register_names import all_names
from .register_rows import register_rows

__all__ = (
    'SEALED_COLUMNS', 'counted_lines', 'lines_of', 'sealed_header', 'sealed_rows', 'take_baseline', 'verify',
    'verify_all',
)

# What is sealed of a CI. Names rather than ids, which may lead nowhere some day; where an inherited value comes from is
# left out, as whoever takes the baseline may not see that CI.
SEALED_COLUMNS = ('object_type', 'object_id', *COMPARED)
LOCK = 7_105_202_601        # of the end of the chain, held from reading it to the end of the transaction


def take_baseline(name, user, as_of=None, filter=None, reason=''):
    """
    Seal the register as of a moment (now, if none is given), or of it what `filter` (parameters of its list) matches,
    as far as the user may see it. Returns the Baseline. Raises ValidationError in a branch: what is sealed is main.
    The parameters must be known to be good (register_rows.py).
    """
    if in_branch():
        raise ValidationError(_('A baseline is taken in main, not in a branch.'))
    using, filter = router.db_for_write(Baseline), filter or {}
    with transaction.atomic(using=using):
        taken_on = timezone.now()
        pk = _next_id(using)
        sealer, figures = RowSealer(), Figures()
        rows = _rows(register_rows(user, as_of, filter), as_of or taken_on, using)
        _write_blocks(rows, pk, sealer, figures, using)
        values = {
            'name': name, 'reason': reason, 'user_name': user.get_username(), 'taken_on': taken_on,
            'as_of': as_of or taken_on, 'filter': filter, 'figures': figures.as_dict(), 'rows': sealer.count,
            'rows_sha256': sealer.sha256, **_end_of_chain(using),
        }
        baseline = Baseline(pk=pk, user=user, audience=_audience(user, figures.as_dict()), **values)
        baseline.sha256 = digest(sealed_header(baseline))
        baseline.save(using=using, force_insert=True)
    return baseline


def _next_id(using):
    """An id for the blocks to refer to before the baseline is there: what it says is only known after the last one."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [Baseline._meta.db_table])
        return cursor.fetchone()[0]


def _rows(entries, moment, using):
    labels = {ci_type.content_type.pk: label for label, ci_type in get_ci_types().items()}
    names, columns = all_names(moment), [entries.model._meta.get_field(name).attname for name in SEALED_COLUMNS]
    rows = entries.using(using).order_by('object_type', 'object_id').values_list(*columns)
    for values in rows.iterator(chunk_size=BaselineBlock.SIZE):
        row = dict(zip(SEALED_COLUMNS, values, strict=True))
        row['object_type'] = labels.get(row['object_type'], str(row['object_type']))
        for field, called in names.items():
            if (pk := row[field]) is not None:
                row[field] = called.get(pk, f'#{pk}')
        if row['review_due']:
            row['review_due'] = row['review_due'].isoformat()
        yield row


def _write_blocks(rows, baseline_id, sealer, figures, using):
    position = 0
    while block := list(islice(rows, BaselineBlock.SIZE)):
        sealed = [sealer.seal(row) for row in block]
        for row in block:
            figures.add(row)
        BaselineBlock.objects.using(using).create(
            baseline_id=baseline_id, position=position,
            lines=zlib.compress(b''.join(line + b'\n' for line, _digest in sealed)),
            digests=b''.join(each for _line, each in sealed),
        )
        position += 1


def _end_of_chain(using):
    """The number and `previous_sha256` of the next baseline. Whoever takes one at the same time waits here."""
    with connections[using].cursor() as cursor:
        cursor.execute('SELECT pg_advisory_xact_lock(%s)', [LOCK])
    last = Baseline.objects.using(using).order_by('-number').values('number', 'sha256').first()
    return {
        'number': last['number'] + 1 if last else 1, 'previous_sha256': last['sha256'] if last else None,
    }


def _audience(user, figures):
    """What one has to see to see this baseline: the register, and of each type in it as much as the user may."""
    return canonical(sight(user, [REGISTER, *figures['object_type']])).decode()


#
# Reading
#

def sealed_header(baseline):
    """What is hashed of a baseline beside its rows, which are in it by their own hash."""
    values = {name: getattr(baseline, name) for name in Baseline.SEALED}
    for name in ('taken_on', 'as_of'):
        values[name] = values[name].astimezone(UTC).isoformat()
    return header(values)


def sealed_rows(baseline):
    """Pairs of a line and its digest, in order, as they are kept. Those that can't be read come as empty bytes."""
    for block in _blocks(baseline):
        digests = bytes(block.digests)
        lines = _unpacked(block)
        for number in range(max(len(lines), len(digests) // 32)):
            yield lines[number] if number < len(lines) else b'', digests[32 * number:32 * number + 32]


def lines_of(baseline, start, stop):
    """Some of its rows as dictionaries, for a page. What can't be read is None."""
    first = start // BaselineBlock.SIZE
    blocks = baseline.blocks.filter(position__gte=first, position__lte=(stop - 1) // BaselineBlock.SIZE)
    lines = [line for block in blocks.order_by('position') for line in _unpacked(block)]
    return [_parsed(line) for line in lines[start - first * BaselineBlock.SIZE:stop - first * BaselineBlock.SIZE]]


def counted_lines(baseline, name, value, start, stop):
    """The same of the rows that the figure `name` counts under `value`, for which all may have to be looked at."""
    test = counted_as(name, value)
    lines = (line for block in _blocks(baseline) for line in _unpacked(block) if test(line))
    return [_parsed(line) for line in islice(lines, start, stop)]


def _blocks(baseline):
    return baseline.blocks.order_by('position').iterator(chunk_size=10)


def _unpacked(block):
    try:
        return zlib.decompress(bytes(block.lines)).split(b'\n')[:-1]
    except zlib.error:
        return []


def _parsed(line):
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) else None


#
# Proving
#

def verify(baseline, limit=FINDINGS):
    """
    What of a baseline is not as it was sealed, as rules.baseline_check.Finding: what it says of itself, its rows by
    number and name, and its place in the chain. Empty if nothing was altered.
    """
    found = []
    if digest(sealed_header(baseline)) != baseline.sha256:
        found.append(Finding(HEADER))
    found += check_rows(sealed_rows(baseline), baseline.rows, baseline.rows_sha256, limit)
    if not _follows(baseline):
        found.append(Finding(CHAIN))
    return found


def _follows(baseline):
    """Whether the baseline before it is there, and is the one it was sealed with."""
    before = Baseline.objects.filter(number=baseline.number - 1).values_list('sha256', flat=True).first()
    return before == baseline.previous_sha256


def verify_all():
    """(baseline, findings) of the whole chain, oldest first."""
    for number in range(1, (Baseline.objects.aggregate(last=Max('number'))['last'] or 0) + 1):
        baseline = Baseline.objects.filter(number=number).first()
        if baseline:
            yield baseline, verify(baseline)
