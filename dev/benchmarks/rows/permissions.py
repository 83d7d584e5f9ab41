"""
The register of somebody who may not see everything. Users come with their permissions loaded, as they do once a
request's view has checked whether they may see the register at all.
"""
from users.models import User

from netbox_ims.models import RegisterEntry

from ..estate import MAKER_USER, SITE_USER, SUPERUSER
from .base import row
from .register import page


def page_of(username):
    user = User.objects.get(username=username)
    user.get_all_permissions()
    return lambda: page(RegisterEntry.objects.restrict(user).order_by('name', 'pk'))


@row('register page, user of 3 of 500 sites against superuser', 3)
def user_of_sites(bench):
    return page_of(SITE_USER), page_of(SUPERUSER)


@row('register page, user of devices of one maker (not a register column) against superuser', 3)
def user_of_a_maker(bench):
    return page_of(MAKER_USER), page_of(SUPERUSER)
