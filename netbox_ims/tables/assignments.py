import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from netbox.tables import PrimaryModelTable, columns

from ..models import ControlAssignment
from .columns import CINameColumn, CITypeColumn, ClassificationColumn, EvidenceColumn, ReviewColumn

__all__ = ('ControlAssignmentTable',)


class ControlAssignmentTable(PrimaryModelTable):
    control = tables.Column(
        verbose_name=_('Control'), linkify=True, order_by=('control__ref',)
    )
    ci_type = CITypeColumn(accessor='object_type', order_by=('object_type',), verbose_name=_('Type'))
    ci = CINameColumn(accessor='entry', order_by=('register_entry__name',), verbose_name=_('CI'))
    site = tables.Column(
        accessor='entry__site', order_by=('register_entry__site',), verbose_name=_('Site'), linkify=True
    )
    # Not to be sorted by: the order would tell of those that the user may not know.
    classification = ClassificationColumn(
        accessor='assessment__classification', orderable=False, verbose_name=_('Classification')
    )
    status = columns.ChoiceFieldColumn(verbose_name=_('Status'))
    evidence_url = EvidenceColumn(verbose_name=_('Evidence'))
    verified_by = tables.Column(verbose_name=_('Verified by'))
    review_due = ReviewColumn(verbose_name=_('Due again'))
    tags = columns.TagColumn(url_name='plugins:netbox_ims:controlassignment_list')

    class Meta(PrimaryModelTable.Meta):
        model = ControlAssignment
        fields = (
            'pk', 'id', 'control', 'ci_type', 'ci', 'site', 'classification', 'status', 'evidence_url', 'verified_on',
            'verified_by', 'review_due', 'description', 'comments', 'tags', 'actions', 'created', 'last_updated',
        )
        default_columns = ('pk', 'control', 'ci_type', 'ci', 'status', 'verified_on', 'review_due', 'evidence_url')
