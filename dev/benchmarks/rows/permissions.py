"""
The register of somebody who may not see everything: what its list page asks of the database, with permissions loaded as
they are once the view has checked whether the user may see the register at all; and the whole of it over REST.
"""
from users.models import User

from netbox_ims.views import RegisterEntryListView

from ..estate import MAKER_USER, SITE_USER, SUPERUSER
from .base import row
from .register import page
from .web import get

OF_SITES = 'user of 3 of 500 sites against superuser'
OF_A_MAKER = 'user of devices of one maker (not a register column) against superuser'
REST = '/api/plugins/ims/register/?limit=50'


def page_of(username):
    user = User.objects.get(username=username)
    user.get_all_permissions()
    return lambda: page(RegisterEntryListView.queryset.restrict(user).order_by('name', 'pk'))


@row(f'register page, {OF_SITES}', 3)
def page_of_sites(bench):
    return page_of(SITE_USER), page_of(SUPERUSER)


@row(f'register page, {OF_A_MAKER}', 3)
def page_of_a_maker(bench):
    return page_of(MAKER_USER), page_of(SUPERUSER)


@row(f'REST register, {OF_SITES}', 3)
def rest_of_sites(bench):
    return get(REST, SITE_USER), get(REST, SUPERUSER)


@row(f'REST register, {OF_A_MAKER}', 3)
def rest_of_a_maker(bench):
    return get(REST, MAKER_USER), get(REST, SUPERUSER)
