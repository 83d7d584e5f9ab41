"""Loading the reference data the plugin ships. Idempotent, and never over what users wrote."""
from django.db import router, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from ..catalogs import read_catalog, read_control_catalog, read_matrix
from ..models import Classification, Clause, ControlCatalog, RiskMatrix, Standard
from .change_log import log_bulk_change
from .controls import add_controls, save_catalog
from .matrix_import import save_matrix

__all__ = ('load_reference_data',)

CONTROL_CATALOGS = ('annex_a_2013', 'annex_a_2022')     # the older first: the newer refers to it
MATRICES = ('matrix_5x5', 'matrix_4x4', 'matrix_3x3')       # the first is active, where none is


def load_classifications():
    """Create the shipped classifications whose slug, name and level are all free. Returns (created, kept)."""
    created = kept = 0
    for entry in read_catalog('classifications'):
        if Classification.objects.filter(
            Q(slug=entry['slug']) | Q(name=entry['name']) | Q(level=entry['level'])
        ).exists():
            kept += 1
            continue
        classification = Classification(**entry)
        classification.full_clean()
        classification.save()
        created += 1
    return created, kept


def load_standards():
    """
    Create the shipped standards whose slug and name are free, and the clauses that a standard of that slug lacks.
    Returns ((created, kept) of standards, (created, kept) of clauses).
    """
    standards, clauses = [0, 0], [0, 0]
    for entry in read_catalog('standards'):
        wanted = entry.pop('clauses')
        standard = Standard.objects.filter(slug=entry['slug']).first()
        if standard is None and Standard.objects.filter(name=entry['name']).exists():
            standards[1] += 1
            continue            # somebody's own under that name: left alone, clauses and all
        standards[standard is not None] += 1
        standard = standard or Standard.objects.create(**entry)
        known = set(standard.clauses.values_list('number', flat=True))
        new = [_clause(standard, **clause) for clause in wanted if clause['number'] not in known]
        using = router.db_for_write(Clause)
        Clause.objects.using(using).bulk_create(new)
        log_bulk_change(created=new, updated=[], user=None, message='', using=using)
        clauses[0] += len(new)
        clauses[1] += len(wanted) - len(new)
    return tuple(standards), tuple(clauses)


def _clause(standard, number, title, unverified=False):
    note = 'Title to be checked against the standard' if unverified else ''
    clause = Clause(standard=standard, number=number, title=title, description=note)
    clause._prefetched_objects_cache = {'tags': []}
    return clause


def load_control_catalogs():
    """
    Create the shipped catalogues whose slug and name are free, and the controls that a catalogue of that slug lacks.
    Returns ((created, kept) of catalogues, (created, kept) of controls).
    """
    catalogs, controls = [0, 0], [0, 0]
    for name in CONTROL_CATALOGS:
        spec = read_control_catalog(name)
        catalog = ControlCatalog.objects.filter(slug=spec.slug).first()
        if catalog is None and ControlCatalog.objects.filter(name=spec.name).exists():
            catalogs[1] += 1
            continue
        catalogs[catalog is not None] += 1
        if catalog is None:
            save_catalog(spec)
            created = len(spec.controls)
        else:
            created = add_controls(catalog, spec)
        controls[0] += created
        controls[1] += len(spec.controls) - created
    return tuple(catalogs), tuple(controls)


def load_matrices():
    """Create the shipped risk matrices of whose name there is no version. Returns (created, kept)."""
    created = 0
    for number, name in enumerate(MATRICES):
        spec = read_matrix(name)
        if not RiskMatrix.objects.filter(name=spec.name).exists():
            save_matrix(spec, is_active=number == 0 and not RiskMatrix.objects.filter(is_active=True).exists())
            created += 1
    return created, len(MATRICES) - created


def load_reference_data():
    """Load everything that ships, all or nothing. Returns {what: (created, kept as they were)}."""
    with transaction.atomic(using=router.db_for_write(Classification)):
        classifications = load_classifications()
        standards, clauses = load_standards()
        catalogs, controls = load_control_catalogs()
        return {
            _('classifications'): classifications, _('standards'): standards, _('clauses'): clauses,
            _('control catalogs'): catalogs, _('controls'): controls, _('risk matrices'): load_matrices(),
        }
