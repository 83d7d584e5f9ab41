"""Risk matrices from YAML: those that ship, and anybody's own."""
from django.core.exceptions import ValidationError

from ..catalogs import CatalogError, parse_matrix
from ..models import RiskMatrix, problem_message
from ..rules.risk_matrix import problems

__all__ = ('import_matrix', 'save_matrix')


def import_matrix(text, message=''):
    """
    Make a matrix from YAML and return it: the next version, where there is one of that name already. Raises
    CatalogError with a list of (line, message) for everything that keeps it from being one.
    """
    return save_matrix(parse_matrix(text), message)


def save_matrix(spec, message='', **values):
    """A MatrixSpec as a new RiskMatrix."""
    matrix = RiskMatrix(**spec.values, **values)
    matrix._changelog_message = message
    if found := problems(matrix.values):
        raise CatalogError([(_line(spec, each), f'{each.field}: {problem_message(each)}') for each in found])
    try:
        matrix.full_clean()
    except ValidationError as e:
        raise CatalogError([
            (spec.lines.get(field, 1), f'{field}: {said}')
            for field, messages in e.message_dict.items() for said in messages
        ]) from e
    matrix.save()
    return matrix


def _line(spec, problem):
    """Where a problem stands: the entry it is about, or else its field."""
    return spec.lines.get((problem.field, problem.index), spec.lines.get(problem.field, 1))
