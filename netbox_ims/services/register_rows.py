"""The register, as somebody may see it, narrowed by the parameters of its own list: what baselines are taken of."""
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..models import RegisterAsOf, RegisterEntry
from ..querysets.ci_filters import CIFilter
from ..rules.list_filters import texts

__all__ = ('clean_register_filter', 'is_large', 'register_rows')

LARGE = 20_000         # CIs, which take a few seconds to seal


def clean_register_filter(user, as_of, parameters):
    """The parameters as they are kept, {name: [texts]}. Raises ValidationError with everything wrong with them."""
    if isinstance(parameters, dict) and 'as_of' in parameters:
        # A filter of the list all the same, by which a list of now has no rows
        raise ValidationError(_('“as_of” is no filter here: the moment is said by “as_of” beside the filter.'))
    if problems := _filter(user, as_of, parameters).problems:
        raise ValidationError(problems)
    return {name: texts(value) for name, value in parameters.items()}


def register_rows(user, as_of, parameters):
    """
    A queryset of the register as it is (`as_of` None) or as it was at a moment, of CIs the user may see, that the
    parameters match.
    """
    asked = _filter(user, as_of, parameters or {})
    return asked.matching_rows if parameters else asked.rows


def _filter(user, as_of, parameters):
    rows = RegisterEntry.objects.all() if as_of is None else RegisterAsOf.objects.at(as_of)
    return CIFilter(rows.model, parameters, user, rows.restrict(user, 'view'))


def is_large(user, as_of, parameters):
    """Whether there are so many that nobody should have to wait for them."""
    return register_rows(user, as_of, parameters)[LARGE:LARGE + 1].exists()
