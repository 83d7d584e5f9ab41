"""
The parameters of a NetBox list, as people keep them: an object of names and values, `{"role": ["database"]}`, or the
address of the list itself, `/dcim/devices/?role=database`.
"""
from urllib.parse import parse_qs, urlencode, urlsplit

__all__ = (
    'BLANK', 'MISSING', 'NESTED', 'UNREADABLE', 'as_query', 'in_words', 'parameters_of_address', 'texts',
    'value_problem',
)

# What an address says about how rows are shown, not about which
SHOWING = {
    'page', 'per_page', 'sort', 'tableconfig_id', 'export', 'embedded', 'return_url', 'limit', 'offset', 'format',
}

# What can be wrong with a value, whatever the parameter. NetBox leaves a parameter without a value out: it would match
# everything.
MISSING, BLANK, NESTED, UNREADABLE = 'missing', 'blank', 'nested', 'unreadable'


def parameters_of_address(text):
    """
    {name: [values]} of a list's address, or of the part behind its `?`; None if `text` is neither. What only says how
    rows are shown (page, order, columns) is left out.
    """
    text = text.strip()
    query = urlsplit(text).query if '?' in text else text
    if '=' not in query or any(character.isspace() or character in '{}[]"' for character in query):
        return None
    parameters = parse_qs(query, keep_blank_values=True)
    return {name: values for name, values in parameters.items() if name not in SHOWING}


def texts(value):
    """The values of one parameter as an address would have them."""
    values = value if isinstance(value, list) else [value]
    return [str(each).lower() if isinstance(each, bool) else str(each) for each in values]


def as_query(parameters):
    """What follows the `?` of the list's address."""
    return urlencode({name: texts(value) for name, value in parameters.items()}, doseq=True)


def in_words(parameters):
    """`role: database, web; site: ham1`; None if there are no parameters, and all is matched."""
    return '; '.join(f'{name}: {", ".join(texts(value))}' for name, value in parameters.items()) or None


def value_problem(value):
    """What is wrong with the value of a parameter, one of the constants above, or None."""
    if isinstance(value, list):
        problems = [NESTED if isinstance(each, list) else value_problem(each) for each in value]
        return next((problem for problem in problems if problem), None) if value else MISSING
    if value is None:
        return MISSING
    if isinstance(value, (dict, tuple, set)):
        return NESTED
    if isinstance(value, str) and not value.strip():
        return BLANK
    return UNREADABLE if '\x00' in str(value) else None
