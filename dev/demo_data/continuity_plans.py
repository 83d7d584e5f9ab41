"""
How long functions may be down, what is planned for it, and whether that works: impact analyses, continuity plans and
their tests. After everything was assessed, since an analysis may find less time than a function was given.
"""
from datetime import timedelta

from django.utils import timezone

from netbox_ims.constants import PLAN_SECTIONS
from netbox_ims.models import BusinessImpactAnalysis, ContinuityPlan, ContinuityTest, ContinuityTestSubject
from netbox_ims.services.plans import approve, new_version

from .tools import acting_as, in_days

__all__ = ('load',)

HOUR, DAY = 60, 1440
BANDS = [0, 4 * HOUR, 8 * HOUR, 12 * HOUR, DAY, 3 * DAY, 5 * DAY]
CATEGORIES = ('financial', 'legal', 'safety', 'reputation')

# function | days ago | ratings by band, of financial, legal, safety and reputation. Nobody has analysed the others.
ANALYSES = """
Salary payment       | 200 | 1112345 1111245 1111111 1122234
Warehouse dispatch   | 190 | 1234555 1111122 1112233 1123455
Order intake         | 190 | 1123455 1111223 1111111 1122345
Finance reporting    | 185 | 1111123 1111124 1111111 1111222
Patient appointments | 380 | 1111223 1112234 1223455 1112345
Patient appointments |  10 | 1112234 1112345 1344555 1123455
"""

# name | type | business plan | functions | services
PLANS = """
Payroll and finance       | business |                     | Salary payment, Finance reporting  |
Warehouse and orders      | business |                     | Warehouse dispatch, Order intake   |
Appointments              | business |                     | Patient appointments               |
Payroll recovery          | service  | Payroll and finance  |                                    | Payroll, File shares
Warehouse mgmt recovery   | service  | Warehouse and orders |                                    | Warehouse mgmt
ERP recovery              | service  | Warehouse and orders |                                    | ERP
Mail and directory        | service  | Payroll and finance  |                                    | Mail, Directory
"""
# Not complete, or not yet looked at by a second person
DRAFTS = {'Appointments': ('resources', 'reporting', 'recovery'), 'ERP recovery': ()}

TEXTS = {
    'purpose': 'Keep {what} going, or bring it back, within the time the impact analysis allows. Loss of a whole '
               'country is out of scope.',
    'roles': 'C. Lindqvist leads, S. Moreau stands in. The teams that run the systems recover them.',
    'activation': 'The service manager on call declares it when recovery within **half of the RTO** is in doubt.',
    'procedures': '1. Assess what is lost (NetBox, IMS → What-if).\n2. Recover in the order shown there.\n'
                  '3. Have the users confirm each service.',
    'communication': 'Customers within 30 minutes by telephone and status page; authorities through the managing '
                     'director.',
    'interdependencies': 'Power, lines and the directory; the carriers of both data centres.',
    'resources': 'Two engineers and one manager per shift, the second data centre, spare laptops, offline copies of '
                 'this plan.',
    'reporting': 'A log with times from the declaration on; a report within five working days.',
    'recovery': 'The service manager ends it when all services meet their targets for a day; what was done by hand is '
                'entered again.',
}

# plan | type | planned, held, due in days | result | RTO and RPO in minutes | what was tested, with an RTO of its own
TESTS = """
Payroll recovery        | restore     | -125 -120  245 | passed  | 210 30 | it Payroll; vm vm-db-03 195; vm vm-app-11
Warehouse mgmt recovery | failover    |  -62  -60  120 | partial | 300 45 | it Warehouse mgmt; vm vm-wms-02 90
Payroll and finance     | walkthrough | -400 -398  -33 | passed  | -      | it ERP
Warehouse and orders    | simulation  |  -95  -90  270 | passed  | 180 60 | it ERP; vm vm-erp-01
Mail and directory      | failover    |  -12    -    - | -       | -      | it Mail; it Directory
ERP recovery            | restore     |   34    -    - | -       | -      | it ERP
"""
LESSONS = {
    'Payroll recovery': 'The restore server was short of disk space; it has been extended.',
    'Warehouse mgmt recovery': 'The licence of vm-wms-01 is bound to its host and had to be asked for: an hour lost.',
    'Payroll and finance': 'Nobody knew who calls the bank. Added to the plan.',
    'Warehouse and orders': 'Runs well by day; to be repeated at night.',
}
SHELVES = {'it': 'it_services', 'vm': 'vms'}


def load(world):
    if ContinuityPlan.objects.exists():
        return
    author, approver = world.users['c.lindqvist'], world.users['s.moreau']
    with acting_as(author):
        for line in ANALYSES.strip().splitlines():
            analyse(world, *(part.strip() for part in line.split('|')))
        plans = {}
        for line in PLANS.strip().splitlines():
            name, *rest = (part.strip() for part in line.split('|'))
            plans[name] = write(world, plans, name, *rest)
    with acting_as(approver):
        for name, plan in plans.items():
            if name not in DRAFTS:
                plans[name] = approve(plan, approver, 'Management review of the year')
    with acting_as(author):
        for line in TESTS.strip().splitlines():
            test(world, plans, *(part.strip() for part in line.split('|')))
        draft = new_version(plans['Warehouse and orders'], author)
        draft.snapshot()
        draft.activation = ''
        draft.save()
    # What was simulated last is no longer what is there.
    with acting_as(world.users['j.okafor']):
        vm = world.vms['vm-erp-01']
        vm.refresh_from_db()
        vm.snapshot()
        vm.memory = (vm.memory or 16384) * 2
        vm._changelog_message = 'Month-end closing ran out of memory'
        vm.save()


def analyse(world, function, days, rows):
    analysis = BusinessImpactAnalysis(
        function=world.functions[function], analysed_on=timezone.localdate() - timedelta(days=int(days)), bands=BANDS,
        ratings={
            category: [int(rating) for rating in row] for category, row in zip(CATEGORIES, rows.split(), strict=True)
        },
        tolerable_rating=2, owner=world.owners['Service management'],
    )
    analysis.full_clean()
    analysis.save()


def write(world, plans, name, plan_type, parent, functions, services):
    what = (functions or services).replace(', ', ' and ')
    missing = DRAFTS.get(name, ())
    plan = ContinuityPlan(
        name=name, plan_type=plan_type, parent=plans.get(parent), owner=world.owners['Service management'],
        **{section: '' if section in missing else TEXTS[section].format(what=what) for section in PLAN_SECTIONS},
    )
    plan.full_clean()
    plan.save()
    plan.functions.set([world.functions[each] for each in functions.split(', ') if each])
    plan.services.set([world.it_services[each] for each in services.split(', ') if each])
    return plan


def test(world, plans, plan, test_type, days, result, times, subjects):
    planned, held, due = (None if word == '-' else in_days(int(word)) for word in days.split())
    rto, rpo = (int(minutes) for minutes in times.split()) if times != '-' else (None, None)
    done = ContinuityTest(
        plan=plans[plan], test_type=test_type, planned_on=planned, held_on=held, next_due=due,
        result=None if result == '-' else result, achieved_rto_minutes=rto, achieved_rpo_minutes=rpo,
        lessons=LESSONS.get(plan, ''), owner=world.owners['Service management'],
    )
    done.full_clean()
    done.save()
    for words in subjects.split('; '):
        kind, *name = words.split(' ')
        own = int(name.pop()) if name[-1].isdecimal() else None
        subject = ContinuityTestSubject(
            test=done, object=getattr(world, SHELVES[kind])[' '.join(name)], achieved_rto_minutes=own
        )
        subject.full_clean()
        subject.save()
