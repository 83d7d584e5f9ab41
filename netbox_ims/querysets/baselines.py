"""Which baselines somebody may see: those that hold no CI of a kind of which they may see less than who took them."""
import json

from django.apps import apps

from users.constants import CONSTRAINT_TOKEN_USER
from utilities.querysets import RestrictedQuerySet

from ..ci_types import get_ci_types
from ..rules.baselines import covers
from .visibility import is_superuser, permitted

__all__ = ('BaselineQuerySet', 'sight')

REGISTER = 'netbox_ims.registerentry'


class BaselineQuerySet(RestrictedQuerySet):

    def restrict(self, user, action='view'):
        """
        Baselines the user's permission covers, and whose rows the user could all have seen: what is sealed can't be
        shown in part, and its figures tell of all of it. There are few audiences, so they are asked for beforehand.
        """
        queryset = super().restrict(user, action)
        if is_superuser(user) or action != 'view':
            return queryset         # whoever takes one could see what is in it
        audiences = list(queryset.order_by().values_list('audience', flat=True).distinct())
        held = sight(user, {kind for audience in audiences for kind in json.loads(audience)})
        return queryset.filter(audience__in=[each for each in audiences if covers(held, json.loads(each))])


def sight(user, kinds):
    """
    What the user may see now of each kind of object (`dcim.device`): True for all, or the constraints of permissions,
    any of which lets an object be seen. Nothing for a type that is not registered any more.
    """
    models = {label: ci_type.model for label, ci_type in get_ci_types().items()}
    models[REGISTER] = apps.get_model(REGISTER)
    return {kind: _of_user(user, permitted(user, models[kind])) for kind in kinds if kind in models}


def _of_user(user, allowed):
    if allowed is True:
        return True
    # A condition on the user is another one for each.
    own = json.dumps(f'{CONSTRAINT_TOKEN_USER}:{user.pk}' if user else None)
    conditions = json.dumps(allowed or []).replace(json.dumps(CONSTRAINT_TOKEN_USER), own)
    return json.loads(conditions)
