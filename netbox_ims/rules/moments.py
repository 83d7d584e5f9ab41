"""
Moments as people and programs write them: `2026-12-31` (the end of that day), `2026-12-31T18:00`, both where whoever
asks is, or `2026-12-31T23:59:59Z` anywhere (ISO 8601).
"""
import re
from datetime import UTC, datetime, time

__all__ = ('parse_moment',)

DATE = re.compile(r'\d{4}-\d{2}-\d{2}', re.ASCII)
# An address may have turned the plus of an offset into a space.
MOMENT = re.compile(
    r'(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)\s?(Z|[+\- ]?\d{2}:?\d{2})?',
    re.ASCII | re.IGNORECASE
)


def parse_moment(text, zone, to_its_end=False):
    """
    The moment a text says, in UTC; where it names no offset it is meant in `zone`. ValueError if it says none. A minute
    or a second is its beginning, or `to_its_end`, as a date always is.
    """
    text = text.strip()
    if DATE.fullmatch(text):
        local = datetime.combine(datetime.fromisoformat(text), time.max, zone)
    elif found := MOMENT.fullmatch(text):
        day, clock, offset = found.groups()
        if offset and offset[0] not in '+-zZ':
            offset = f'+{offset.strip()}'
        local = datetime.fromisoformat(f'{day}T{clock}{(offset or "").upper()}')
        local = local if local.tzinfo else local.replace(tzinfo=zone)
        if to_its_end and '.' not in clock:
            local = local.replace(second=local.second if clock.count(':') == 2 else 59, microsecond=999999)
    else:
        raise ValueError(text)
    try:
        return local.astimezone(UTC)
    except OverflowError as e:
        raise ValueError(text) from e
