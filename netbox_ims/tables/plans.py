import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from netbox.tables import PrimaryModelTable, columns

from ..models import ContinuityPlan
from .columns import PickUnlessFrozenColumn, UnlessFrozenActionsColumn

__all__ = ('ContinuityPlanTable',)


class ContinuityPlanTable(PrimaryModelTable):
    pk = PickUnlessFrozenColumn()
    name = tables.Column(verbose_name=_('Name'), linkify=True)
    plan_type = columns.ChoiceFieldColumn(verbose_name=_('Type'))
    parent = tables.Column(verbose_name=_('Business plan'), linkify=True)
    functions = columns.ManyToManyColumn(verbose_name=_('Business functions'), linkify_item=True, orderable=False)
    services = columns.ManyToManyColumn(verbose_name=_('IT services'), linkify_item=True, orderable=False)
    status = columns.ChoiceFieldColumn(verbose_name=_('Status'))
    edited_on = columns.DateTimeColumn(verbose_name=_('Last edited on'), timespec='minutes')
    approved_on = columns.DateTimeColumn(verbose_name=_('Approved on'), timespec='minutes')
    actions = UnlessFrozenActionsColumn()
    tags = columns.TagColumn(url_name='plugins:netbox_ims:continuityplan_list')

    class Meta(PrimaryModelTable.Meta):
        model = ContinuityPlan
        fields = (
            'pk', 'id', 'name', 'version', 'plan_type', 'parent', 'functions', 'services', 'status', 'edited_by',
            'edited_on', 'approved_by', 'approved_on', 'sha256', 'description', 'comments', 'tags', 'actions',
            'created', 'last_updated',
        )
        default_columns = ('pk', 'name', 'version', 'plan_type', 'status', 'functions', 'services', 'approved_on')
