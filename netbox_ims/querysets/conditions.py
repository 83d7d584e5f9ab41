"""
How permissions are asked of rows that carry the register's columns, so that a million of them do not matter: in a form
that PostgreSQL can answer from an index.
"""
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q

from utilities.permissions import qs_filter_from_constraints

__all__ = ('asked_of_cis', 'asked_of_rows')

# Lookups that no NULL satisfies. With others a row that points to nothing may match, which only a join can tell.
REFUSE_NULL = {
    'exact', 'iexact', 'in', 'contains', 'icontains', 'startswith', 'istartswith', 'endswith', 'iendswith', 'regex',
    'iregex', 'gt', 'gte', 'lt', 'lte', 'range',
}


class IsAnyOf(Func):
    """A column is one of what a subquery finds: which runs once, before any row is looked at, and an index serves."""
    template = '(%(expressions)s))'
    arg_joiner = ' = ANY('
    output_field = BooleanField()


def asked_of_cis(model, constraints, tokens):
    """A Q over rows about CIs of the model: those whose CI one of the constraints lets through."""
    # Each by itself: what one joins then keeps no other from its index. Only with `empty`, which a row that is not
    # there satisfies, it makes a difference to Django with what a constraint is joined.
    if any(key.endswith('__empty') for constraint in constraints for key in constraint):
        groups = [constraints]
    else:
        groups = [[constraint] for constraint in constraints]
    condition = Q()
    for group in groups:
        met = qs_filter_from_constraints(group, tokens)
        condition |= Q(Exists(model.objects.filter(met, pk=OuterRef('object_id'))))
    return condition


def asked_of_rows(model, constraints, tokens):
    """A Q over the rows of `model`: those that one of the constraints, which speak of its columns, lets through."""
    condition = Q()
    for constraint in constraints:
        plain, beyond = {}, {}
        for key, value in constraint.items():
            column, *path = key.split('__')
            if value is not None and _can_be_looked_up(model, column, path):
                beyond.setdefault(column, {})['__'.join(path)] = value
            else:
                plain[key] = value
        met = qs_filter_from_constraints([plain], tokens)
        for column, keys in beyond.items():
            related = model._meta.get_field(column).related_model
            found = related.objects.filter(qs_filter_from_constraints([keys], tokens)).order_by().values('pk')
            met &= Q(IsAnyOf(F(column), ArraySubquery(found)))
        condition |= met
    return condition


def _can_be_looked_up(model, column, path):
    """Whether `column__path` says something about what the column points to, of which there must then be one."""
    related, hops = model._meta.get_field(column).related_model, 0
    for name in path:
        try:
            field = related._meta.get_field(name) if related else None
        except FieldDoesNotExist:
            field = None
        if field is None:
            break
        related, hops = field.related_model, hops + 1
    return hops > 0 and path[hops:] in ([], *([lookup] for lookup in REFUSE_NULL))
