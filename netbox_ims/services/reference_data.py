"""Loading the reference data the plugin ships. Idempotent, and never over what users wrote."""
from django.db import router, transaction
from django.db.models import Q

from ..catalogs import read_catalog
from ..models import Classification

__all__ = ('load_reference_data',)


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


def load_reference_data():
    """Load everything that ships, all or nothing. Returns {what: (created, kept as they were)}."""
    with transaction.atomic(using=router.db_for_write(Classification)):
        return {'classifications': load_classifications()}
