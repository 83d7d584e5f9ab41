import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from netbox.tables import PrimaryModelTable, columns

from ..models import ContinuityTest, ContinuityTestSubject
from .columns import (
    CINameColumn,
    CITypeColumn,
    MadeChoiceColumn,
    MinutesColumn,
    ObjectColumn,
    StaleColumn,
    TestDueColumn,
)

__all__ = ('ContinuityTestSubjectTable', 'ContinuityTestTable')


class ContinuityTestTable(PrimaryModelTable):
    test = ObjectColumn(verbose_name=_('Test'), order_by=('plan', 'planned_on'))
    plan = tables.Column(verbose_name=_('Plan'), linkify=True)
    test_type = columns.ChoiceFieldColumn(verbose_name=_('Type'))
    result = MadeChoiceColumn(verbose_name=_('Result'))
    achieved_rto_minutes = MinutesColumn(verbose_name=_('Achieved RTO'))
    achieved_rpo_minutes = MinutesColumn(verbose_name=_('Achieved RPO'))
    due = TestDueColumn(verbose_name=_('Due'))
    stale = StaleColumn(accessor='is_stale', verbose_name=_('Still valid'), orderable=False)
    tags = columns.TagColumn(url_name='plugins:netbox_ims:continuitytest_list')

    class Meta(PrimaryModelTable.Meta):
        model = ContinuityTest
        fields = (
            'pk', 'id', 'test', 'plan', 'test_type', 'planned_on', 'held_on', 'result', 'achieved_rto_minutes',
            'achieved_rpo_minutes', 'due', 'stale', 'next_due', 'lessons', 'description', 'comments', 'tags',
            'actions', 'created', 'last_updated',
        )
        default_columns = (
            'pk', 'test', 'test_type', 'planned_on', 'held_on', 'result', 'achieved_rto_minutes', 'due', 'stale',
        )


class ContinuityTestSubjectTable(PrimaryModelTable):
    test = tables.Column(verbose_name=_('Test'), linkify=True, order_by=('test__held_on', 'test_id'))
    ci_type = CITypeColumn(accessor='object_type', order_by=('object_type',), verbose_name=_('Type'))
    ci = CINameColumn(accessor='entry', order_by=('register_entry__name',), verbose_name=_('CI'))
    held_on = tables.Column(accessor='test__held_on', verbose_name=_('Held on'))
    achieved_rto_minutes = MinutesColumn(verbose_name=_('Achieved RTO'))
    achieved_rpo_minutes = MinutesColumn(verbose_name=_('Achieved RPO'))
    tags = columns.TagColumn(url_name='plugins:netbox_ims:continuitytestsubject_list')

    class Meta(PrimaryModelTable.Meta):
        model = ContinuityTestSubject
        fields = (
            'pk', 'id', 'test', 'ci_type', 'ci', 'held_on', 'achieved_rto_minutes', 'achieved_rpo_minutes',
            'description', 'comments', 'tags', 'actions', 'created', 'last_updated',
        )
        default_columns = (
            'pk', 'test', 'ci_type', 'ci', 'held_on', 'achieved_rto_minutes', 'achieved_rpo_minutes',
        )
