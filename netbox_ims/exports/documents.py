"""What documents to be printed have in common."""
from django.utils.translation import gettext as _

__all__ = ('signature',)


def signature(person, moment):
    """Who stands behind it, and when: from services.snapshots' plain data. Empty before there is a moment."""
    if not moment:
        return ''
    who = _('not recorded')
    if person:
        who = f'{person["name"]} ({person["username"]})' if person['name'] else person['username']
    return f'{who}, {moment[:16].replace("T", " ")} UTC'
