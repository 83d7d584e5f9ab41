"""CIs as people name them in a spreadsheet of risks: by name, and by type where the name alone is not enough."""
import re

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from ..ci_types import get_ci_types
from ..models import RegisterEntry, RiskAssignment
from ..querysets.visibility import visible_cis

__all__ = ('CINotFound', 'about_cis', 'find_cis')


class CINotFound(ValueError):
    """Names that stand for no CI, or for several: `messages`, a sentence each."""

    def __init__(self, messages):
        self.messages = messages
        super().__init__('; '.join(messages))


def find_cis(text, user):
    """
    [(content type id, object id)] of the CIs named in `text`: `web-01; dcim.device:web-02`. Those that the user (None:
    anybody) may see; another is as if it did not exist. Raises CINotFound.
    """
    types, found, problems = get_ci_types(), [], []
    seen = RegisterEntry.objects.all() if user is None else RegisterEntry.objects.filter(visible_cis(user))
    for given in dict.fromkeys(each.strip() for each in re.split(r'[;\n]', str(text)) if each.strip()):
        label, separator, name = given.partition(':')
        entries = seen.filter(name=given)
        if separator and label.strip().lower() in types:
            entries = seen.filter(object_type=types[label.strip().lower()].content_type.pk, name=name.strip())
        keys = list(entries.order_by('pk').values_list('object_type_id', 'object_id')[:2])
        if not keys:
            problems.append(_('There is no CI “{name}”.').format(name=given))
        elif len(keys) > 1:
            problems.append(_('More than one CI is called “{name}”: write its type in front, as dcim.device:{name}, or '
                              'import risk assignments.').format(name=given))
        else:
            found += keys
    if problems:
        raise CINotFound(problems)
    return found


def about_cis(risk, cis):
    """Say that the risk is about these CIs, [(content type id, object id)], besides those it is about already."""
    known = set(risk.assignments.values_list('object_type_id', 'object_id'))
    for type_id, object_id in cis:
        if (type_id, object_id) not in known:
            assignment = RiskAssignment(
                risk=risk, object_type=ContentType.objects.get_for_id(type_id), object_id=object_id
            )
            assignment.full_clean()
            assignment.save()
