"""How recovery targets align, all of it worked out anew; the report's pages; and what fails if a whole site does."""
from django.db.models import Count

from dcim.models import Device, Site
from users.models import User

from netbox_ims.ci_types import get_ci_types
from netbox_ims.models import RegisterEntry
from netbox_ims.services import align_all
from netbox_ims.ui.what_if import WhatIf

from ..estate import SUPERUSER
from .base import row
from .graph import read_edges
from .web import get


@row('alignment of all functions, services and CIs against reading the edges', 3)
def alignment(bench):
    """Where all is right already, so that what is measured is working it out and comparing it with what is stored."""
    def work_out():
        if list(align_all.differences()):
            raise RuntimeError('there were rows that were not right')

    return work_out, read_edges()


@row('REST alignment, worst first, against REST devices by status', 1.0)
def rest(bench):
    return get('/api/plugins/ims/alignment/?limit=50'), get('/api/dcim/devices/?status=active&limit=50')


@row('alignment page in HTML, breached, against device page by status', 1.0)
def html(bench):
    return get('/plugins/ims/alignment/?status=breached&per_page=50'), get('/dcim/devices/?status=active&per_page=50')


@row('what-if page for a whole site (2,000 CIs at 1M) against device page', 1.0)
def what_if(bench):
    """A site with a cluster, of middling size among these, with everything that depends on it."""
    with_cluster = Device.objects.exclude(cluster=None).order_by().values('site')
    sites = RegisterEntry.objects.filter(site__in=with_cluster).order_by().values('site').annotate(cis=Count('pk'))
    sites = sites.order_by('cis')
    site, cis = sites[len(sites) // 2].values()
    falls = WhatIf([(get_ci_types()['dcim.site'], Site.objects.get(pk=site))], 0, User.objects.get(username=SUPERUSER))
    if not falls.functions or falls.down_count < cis:
        raise RuntimeError(f'site {site} of {cis} CIs took {falls.down_count} with it')
    return get(f'/plugins/ims/what-if/?site_id={site}&outage=18h&per_page=50'), get('/dcim/devices/?per_page=50')
