"""
The demo's estate: Nordhafen IT, an invented provider of managed hosting and networks with two data centres in Hamburg
and offices in Bremen, Lübeck and Kiel.

About 380 CIs, three in five classified, with the business functions and IT services that depend on them. The rest is
what an auditor is meant to find: hosts less classified than their guests, flags that nobody has answered, assets
without an owner, recovery times that are missing or too long, reviews overdue, overrides, and a confidential server
that is gone; confidential CIs without the controls they need, and a statement of applicability half worked through; a
function that an impact analysis gives less time than it has, tests that failed, that are stale, or that nobody held;
risks that nobody treats, and a standard without any.

Who can log in, besides the admin made by the launcher; every password equals the user's name:

    m.petersen   infrastructure engineer: views, adds and changes everything in DCIM, virtualization, IPAM, circuits,
                 tenancy and the management system, but deletes nothing
    auditor      views everything
    hamburg      views and changes devices, racks, virtual machines, clusters and the site itself in Hamburg DC1 only;
                 views the management system, which shows of CIs no more than those, and what is in no place:
                 information assets, business functions and IT services

k.brandt, n.yilmaz, j.okafor, c.lindqvist and s.moreau stand behind the decisions; they have no password.

`load()` needs migrations and `netbox ims_load` to have run. It is deterministic except that dates count from today,
and safe to repeat: what exists is left as it is.
"""
from types import SimpleNamespace

from django.db import transaction

from . import (
    addresses,
    assessments,
    circuits,
    continuity,
    continuity_plans,
    controls,
    dependencies,
    guests,
    hardware,
    history,
    information,
    organisation,
    past,
    places,
    risks,
    rules,
    services,
    users,
)
from .tools import acting_as

__all__ = ('load',)


def load():
    """Make whatever is missing of the estate, all or nothing."""
    world = SimpleNamespace()
    with transaction.atomic():
        users.load(world)
        with acting_as(world.users['m.petersen']):
            for theme in (
                organisation, places, hardware, guests, addresses, services, circuits, information, continuity,
                dependencies,
            ):
                theme.load(world)
        assessments.load(world)
        history.load(world)
        with acting_as(world.users['c.lindqvist']):
            rules.load(world)
        controls.load(world)
        continuity_plans.load(world)
        risks.load(world)
    past.load(world)
