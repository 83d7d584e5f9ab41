"""
Durations as people write them, as integer minutes.

RTO, RPO and MTPD (ISO 22300) are whole minutes ≥ 0. Zero is a legal, and the strictest, target; unknown is None.
"""
import re

__all__ = ('MAX_MINUTES', 'format_minutes', 'parse_minutes')

UNITS = {'w': 7 * 24 * 60, 'd': 24 * 60, 'h': 60, 'm': 1}
MAX_MINUTES = 2_147_483_647     # what a 32-bit database integer holds: four thousand years

_PART = re.compile(r'(\d+)\s*([wdhm])', re.IGNORECASE)
_WHOLE = re.compile(r'(?:\d+\s*[wdhm]\s*)+', re.IGNORECASE)


def parse_minutes(text):
    """
    Minutes for '90', '90m', '4h', '1d 6h' or '2w'; None for an empty text.

    Raises ValueError for anything else: a sign, a fraction, an unknown unit, a unit named twice, or a number
    larger than MAX_MINUTES.
    """
    text = str(text).strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        minutes = int(text)
    elif text.isascii() and _WHOLE.fullmatch(text):
        parts = [(int(number), unit.lower()) for number, unit in _PART.findall(text)]
        if len({unit for _, unit in parts}) < len(parts):
            raise ValueError(f'a unit is named twice in {text!r}')
        minutes = sum(number * UNITS[unit] for number, unit in parts)
    else:
        raise ValueError(f'{text!r} is not a duration')
    if minutes > MAX_MINUTES:
        raise ValueError(f'{text!r} is too long')
    return minutes


def format_minutes(minutes):
    """The shortest text parse_minutes() reads back: 0 → '0m', 90 → '1h 30m', 1440 → '1d', 20160 → '2w'; None → ''."""
    if minutes is None:
        return ''
    if minutes == 0:
        return '0m'
    parts, rest = [], minutes
    for unit, size in UNITS.items():
        # Weeks only where they say it all ('2w'), since "1w 1d" is harder to read than "8d".
        if unit == 'w' and rest % size:
            continue
        number, rest = divmod(rest, size)
        if number:
            parts.append(f'{number}{unit}')
    return ' '.join(parts)
