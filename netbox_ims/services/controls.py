"""Catalogues of controls: loading those that ship, and bringing in one's own."""
from django.core.exceptions import ValidationError
from django.db import router, transaction
from django.utils.translation import gettext as _

from ..catalogs import CatalogError, parse_catalog
from ..catalogs.reader import ATTRIBUTES
from ..models import Control, ControlCatalog, Standard
from .change_log import log_bulk_change

__all__ = ('add_controls', 'import_catalog', 'save_catalog')


def import_catalog(text, user=None, message=''):
    """
    Make a new catalogue with its controls from YAML, all or nothing, and return it.

    Raises CatalogError with a list of (line, message): for what can't be read, a name or slug that is taken, a standard
    or an older catalogue that is not there, and references that are not of the edition they should be.
    """
    spec = parse_catalog(text)
    problems = [*_taken(spec), *_unknown(spec)]
    if problems:
        raise CatalogError(problems)
    return save_catalog(spec, user, message)


def save_catalog(spec, user=None, message=''):
    """A CatalogSpec that nothing stands against, as a ControlCatalog with its controls."""
    with transaction.atomic(using=router.db_for_write(ControlCatalog)):
        catalog = ControlCatalog(
            name=spec.name, slug=spec.slug, edition=spec.edition, description=spec.description,
            standard=Standard.objects.filter(slug=spec.standard).first() if spec.standard else None,
        )
        catalog._changelog_message = message
        try:
            catalog.full_clean()
        except ValidationError as e:
            raise CatalogError([
                (spec.lines.get(field, 1), said) for field, messages in e.message_dict.items() for said in messages
            ]) from e
        catalog.save()
        add_controls(catalog, spec, user, message)
    return catalog


def add_controls(catalog, spec, user=None, message=''):
    """Make those controls of the spec that the catalogue has none of that reference for. Returns how many."""
    using, known = router.db_for_write(Control), set(catalog.controls.values_list('ref', flat=True))
    new = [
        Control(
            catalog=catalog, ref=each.ref, title=each.title, theme=each.theme, description=each.description,
            **{name: each.attributes.get(name, []) for name in ATTRIBUTES}
        )
        for each in spec.controls if each.ref not in known
    ]
    with transaction.atomic(using=using):
        Control.objects.using(using).bulk_create(new)
        _link_replaced(new, spec, using)
        for control in new:
            control._prefetched_objects_cache = {'tags': []}
        log_bulk_change(created=new, updated=[], user=user, message=message, using=using)
    return len(new)


def _link_replaced(controls, spec, using):
    if not spec.replaces:
        return
    older = dict(Control.objects.using(using).filter(catalog__slug=spec.replaces).values_list('ref', 'pk'))
    replaced = {each.ref: each.replaces for each in spec.controls}
    through = Control.replaces.through
    through.objects.using(using).bulk_create([
        through(from_control_id=control.pk, to_control_id=older[ref])
        for control in controls for ref in dict.fromkeys(replaced[control.ref]) if ref in older
    ])


def _taken(spec):
    message = _('there is a catalog of this {field} already')
    for field in ('name', 'slug'):
        if ControlCatalog.objects.filter(**{field: getattr(spec, field)}).exists():
            yield spec.lines[field], message.format(field=field)


def _unknown(spec):
    if spec.standard and not Standard.objects.filter(slug=spec.standard).exists():
        yield spec.lines['standard'], _('there is no standard with the slug “{slug}”').format(slug=spec.standard)
    if not spec.replaces:
        return
    older = ControlCatalog.objects.filter(slug=spec.replaces).first()
    if older is None:
        yield spec.lines['replaces'], _('there is no catalog with the slug “{slug}”').format(slug=spec.replaces)
        return
    refs = set(older.controls.values_list('ref', flat=True))
    wrong = {ref for each in spec.controls for ref in each.replaces} - refs
    elsewhere = dict(Control.objects.filter(ref__in=wrong).values_list('ref', 'catalog__name'))
    for each in spec.controls:
        for ref in each.replaces:
            if ref in elsewhere:
                yield each.replaces_line, _('{ref} is a control of {other}, not of {catalog}').format(
                    ref=ref, other=elsewhere[ref], catalog=older.name
                )
            elif ref in wrong:
                yield each.replaces_line, _('{catalog} has no control {ref}').format(catalog=older.name, ref=ref)
