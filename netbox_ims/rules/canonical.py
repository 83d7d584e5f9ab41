"""
One way, and only one, to write a value down as bytes, so that its SHA-256 says whether it is still the same.

JSON with sorted keys, no white space, UTF-8, nothing but what JSON has (no NaN, no dates): what comes back from a
database or from another program's parser gives the same bytes again.
"""
import hashlib
import json

__all__ = ('canonical', 'digest')


def canonical(value):
    """The bytes of a value made of dictionaries, lists, text, whole numbers, booleans and None; else TypeError."""
    _check(value)
    return json.dumps(value, sort_keys=True, separators=(',', ':'), ensure_ascii=False).encode()


def digest(value):
    """SHA-256 of the canonical bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _check(value):
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise TypeError('keys must be text')
        for each in value.values():
            _check(each)
    elif isinstance(value, list):
        for each in value:
            _check(each)
    elif not (value is None or isinstance(value, (str, bool, int))):
        # A fraction has more than one spelling, and a tuple comes back as a list.
        raise TypeError(f'{type(value).__name__} has no canonical form')
