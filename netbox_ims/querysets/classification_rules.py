"""
Questions to classification rules: what they match, and what would become of it. Asked of register entries, in one
query however many CIs there are, and restricted by whoever asks (`RegisterEntry.objects.restrict(user)`).

`rules/classification_rules.py` says the same of one CI at a time.
"""
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, Count, IntegerField, Q, Value, When

from utilities.querysets import RestrictedQuerySet

from ..rules.classification_rules import CLAIMED, KEPT, WOULD_CHANGE, earlier

__all__ = ('ClassificationRuleQuerySet', 'count_outcomes', 'undecided', 'with_outcome', 'with_speaker')


class ClassificationRuleQuerySet(RestrictedQuerySet):

    def in_force(self):
        """Enabled rules in the order they are asked, with what asking them takes."""
        return self.filter(enabled=True).select_related('object_type', 'classification')


def undecided():
    """
    A Q over register entries whose CI nobody has said anything about that a rule could set.

    That an information asset is one goes without saying, so it says nothing.
    """
    own = ContentType.objects.get_for_model(apps.get_model('netbox_ims', 'InformationAsset'))
    nothing_said = Q(
        classification__isnull=True, handles_sensitive_data__isnull=True, processes_personal_data__isnull=True
    )
    return nothing_said & (Q(is_information_asset__isnull=True) | Q(object_type=own))


def with_outcome(entries, rule):
    """
    Those of the register entries that the rule matches, annotated with `outcome`: as in rules.classification_rules.

    A rule that is not in force is looked at as if it were.
    """
    same_type = type(rule).objects.filter(Q(enabled=True) | Q(pk=rule.pk), object_type=rule.object_type_id)
    before = Q(pk__in=[])
    for each in earlier(rule, same_type.select_related('object_type')):
        before |= each.matched()
    return entries.filter(rule.matched()).annotate(outcome=Case(
        When(~undecided(), then=Value(KEPT)), When(before, then=Value(CLAIMED)), default=Value(WOULD_CHANGE),
    ))


def count_outcomes(matched):
    """{outcome: number} of what with_outcome() gives; every outcome is there."""
    counts = matched.order_by().values('outcome').annotate(number=Count('pk')).values_list('outcome', 'number')
    return {WOULD_CHANGE: 0, KEPT: 0, CLAIMED: 0, **dict(counts)}


def with_speaker(entries, in_order):
    """
    Those of the register entries that nobody has said anything about, annotated with `speaker`: the primary key of the
    first of the rules `in_order` that matches, or NULL.
    """
    asked = [When(rule.matched(), then=Value(rule.pk)) for rule in in_order]
    speaks = Case(*asked, default=None, output_field=IntegerField()) if asked else Value(None, IntegerField())
    return entries.filter(undecided()).annotate(speaker=speaks)
