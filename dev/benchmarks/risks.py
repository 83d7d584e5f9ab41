"""
A synthetic risk register: ten CIs to each risk, rated by the matrix that ships, an action for half of them, and
acceptances for some. A hundred thousand risks to a million CIs, and as many IP addresses: a list of NetBox's of that
size.
"""
from django.contrib.contenttypes.models import ContentType

from dcim.models import Device
from ipam.models import IPAddress
from tenancy.models import Contact
from virtualization.models import VirtualMachine

from netbox_ims.models import Risk, RiskAcceptance, RiskAssignment, RiskMatrix, RiskTreatment, Standard
from netbox_ims.rules.risks import STAGES

from .bulk import drawn, element, insert, numbers, pick

CIS = 10                # of each risk
STRIDE = 997            # from one of its CIs to the next: they are different ones


def seed_risks(size):
    """Without triggers, so that what they would fill in is filled in here."""
    insert(IPAddress, numbers(size.risks), address="'10.0.0.0/32'::inet + i")
    matrix = RiskMatrix.objects.get(is_active=True)
    grid, levels = matrix.grid, matrix.grid.levels
    cells = [slug for row in matrix.cells for slug in row]
    columns = len(matrix.impact_scale)
    rated = {}
    for stage in STAGES:
        rated |= _stage(stage, matrix, cells, columns, levels)
    ranks = [levels[slug].rank for slug in cells]
    insert(
        Risk, numbers(size.risks), title="'Risk ' || i", matrix=str(matrix.pk),
        reference="'R-' || lpad(i::text, 7, '0')",
        treatment=pick(('modify', 'modify', 'retain', 'share'), 'i', 'treatment'),
        status=pick(('open', 'open', 'monitored', 'closed'), 'i', 'status'),
        risk_owner=pick(list(Contact.objects.values_list('pk', flat=True)), 'i', 'risk owner'),
        review_due='current_date - (i %% 300)::int + 270',
        above_acceptance=f'{_rated("current", columns, ranks)} > {grid.accepted_rank}', **rated,
    )
    first = Risk.objects.order_by('pk').values_list('pk', flat=True)[0]
    _categorise(size, first)
    for salt, model, how_many in (('device', Device, size.devices), ('vm', VirtualMachine, size.virtual_machines)):
        start = model.objects.order_by('pk').values_list('pk', flat=True)[0]
        place = f'(({drawn(how_many, "i", salt)}) + k * {STRIDE}) %% {how_many}'
        insert(
            RiskAssignment, f'{numbers(size.risks)}, generate_series(1, {CIS // 2}) AS k', risk=f'{first} - 1 + i',
            object_type=str(ContentType.objects.get_for_model(model).pk), object_id=f'{start} + {place}',
        )
    insert(
        RiskTreatment, f'{numbers(size.risks)} WHERE i %% 2 = 0', risk=f'{first} - 1 + i', name="'Action ' || i",
        due='current_date - (i %% 200)::int + 150', done_on='CASE WHEN i %% 4 = 0 THEN current_date - 10 END',
    )
    insert(
        RiskAcceptance, f'{numbers(size.risks)} WHERE i %% 9 = 0', risk=f'{first} - 1 + i', justification="'Small'",
        status="'accepted'", valid_until='current_date + (i %% 300)::int', decided_on='now()',
    )


def _place(stage, columns):
    """SQL for the place of a risk's cell among all of them, from 0."""
    return f'(({drawn(5, "i", f"{stage} likelihood")}) * {columns} + ({drawn(5, "i", f"{stage} impact")}))'


def _rated(stage, columns, values):
    """SQL for what belongs to the cell; a tenth is not rated yet."""
    return f'CASE WHEN i %% 10 > 0 THEN {element(values, _place(stage, columns))} END'


def _stage(stage, matrix, cells, columns, levels):
    likelihood, impact = (f'1 + ({drawn(5, "i", f"{stage} {part}")})' for part in ('likelihood', 'impact'))
    dimension = matrix.impact_dimensions[0]
    return {
        f'{stage}_likelihood': f'CASE WHEN i %% 10 > 0 THEN {likelihood} END',
        f'{stage}_impacts': f"CASE WHEN i %% 10 > 0 THEN jsonb_build_object('{dimension}', {impact}) ELSE '{{}}' END",
        f'{stage}_impact': f'CASE WHEN i %% 10 > 0 THEN {impact} END',
        f'{stage}_level': _rated(stage, columns, cells),
        f'{stage}_rank': _rated(stage, columns, [levels[slug].rank for slug in cells]),
    }


def _categorise(size, first):
    """One standard for each risk, and a second one for a third of them."""
    standards, through = list(Standard.objects.values_list('pk', flat=True)), Risk.standards.through
    insert(through, numbers(size.risks), risk=f'{first} - 1 + i', standard=element(standards, 'i %% 3'))
    insert(
        through, f'{numbers(size.risks)} WHERE i %% 3 = 0', risk=f'{first} - 1 + i', standard=element(standards, '1')
    )
