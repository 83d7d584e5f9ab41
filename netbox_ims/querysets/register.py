"""Questions to the register and to asset profiles."""
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils import timezone

from utilities.querysets import RestrictedQuerySet

from ..choices import AlignmentChoices
from ..ci_types import get_ci_types
from ..constants import FLAGS
from .visibility import is_superuser, may_see_every_ci, permitted, visible_cis

__all__ = (
    'AssetProfileQuerySet', 'ClassificationQuerySet', 'RegisterEntryQuerySet', 'RegisterRowQuerySet',
    'about_any_of', 'visible_profiles',
)


def as_array(keys):
    """
    Primary keys to look up with `__in`, however many: as one array, since to write down thousands of parameters takes
    longer than to look them up.
    """
    return RawSQL('SELECT unnest(%s::bigint[])', [list(keys)])


def about_any_of(cis):
    """A Q over rows about CIs: those about one of these, each a pair of object type id and object id."""
    by_type = {}
    for type_id, pk in cis:
        by_type.setdefault(type_id, set()).add(pk)
    condition = Q(pk__in=[])
    for type_id, pks in by_type.items():
        condition |= Q(object_type=type_id, object_id__in=as_array(pks))
    return condition


class RegisterRowQuerySet(RestrictedQuerySet):
    """What can be asked of the register, as it is and as it was."""
    moment = None       # as of which the rows are; None: now

    @property
    def today(self):
        """The day on which what the rows say is looked at: reviews are overdue by it."""
        return timezone.localdate()

    def with_badges(self):
        """Together with what their badges are drawn from, in one query."""
        return self.select_related('classification', 'effective_classification')

    def of(self, ci):
        """The entry of one CI (a NetBox object)."""
        return self.filter(object_type=ContentType.objects.get_for_model(ci), object_id=ci.pk)

    def among(self, cis):
        """The entries of these CIs, each a pair of object type id and object id."""
        return self.filter(about_any_of(cis))

    def of_type(self, model):
        return self.filter(object_type=ContentType.objects.get_for_model(model))

    def unclassified(self):
        return self.filter(classification__isnull=True)

    def flags_known(self):
        return self.filter(**{f'{flag}__isnull': False for flag in FLAGS})

    def flags_unknown(self):
        return self.filter(flags_unknown())

    def review_overdue(self):
        return self.filter(review_due__lt=self.today)

    def coverage(self, *by):
        """
        Count entries by the given columns: total, profiled, owned, flags known, overdue, what only inherits a
        classification, findings, and per own classification.

        One aggregate query; rows come as dictionaries with the columns, `classification` and the counts.
        """
        known = Q(**{f'{flag}__isnull': False for flag in FLAGS})
        return self.order_by().values(*by, 'classification').annotate(
            total=Count('pk'),
            profiled=Count('pk', filter=Q(profile__isnull=False)),
            owned=Count('pk', filter=Q(asset_owner__isnull=False)),
            flags_known=Count('pk', filter=known),
            personal_unknown=Count('pk', filter=Q(processes_personal_data__isnull=True)),
            personal=Count('pk', filter=Q(processes_personal_data=True)),
            overdue=Count('pk', filter=Q(review_due__lt=self.today)),
            undated=Count('pk', filter=Q(review_due__isnull=True)),
            inherited=Count('pk', filter=Q(classification__isnull=True, effective_classification__isnull=False)),
            under_classified=Count('pk', filter=Q(under_classified=True)),
            overridden=Count('pk', filter=Q(classification_override=True)),
            **{status: Count('pk', filter=Q(alignment=status)) for status in AlignmentChoices.values()},
        )


def _profile_model():
    return apps.get_model('netbox_ims', 'AssetProfile')


def visible_profiles(user):
    """
    The profiles that a user may see, as a queryset, where constraints of the user's permission on profiles keep others
    back; None where they do not.
    """
    if isinstance(permitted(user, _profile_model()), bool):
        return None
    # Not by AssetProfileQuerySet, which would ask once more whether the user may see the CIs.
    return RestrictedQuerySet(_profile_model()).restrict(user, 'view').order_by()


class RegisterEntryQuerySet(RegisterRowQuerySet):

    def restrict(self, user, action='view'):
        """
        Entries the user's permission on register entries covers, of CIs that NetBox would show the user, and not those
        whose profile constraints of the user's permission on profiles keep back: an entry repeats what that says.
        """
        entries, visible = super().restrict(user, action).filter(visible_cis(user)), visible_profiles(user)
        if visible is None:
            return entries
        return entries.filter(Q(profile__isnull=True) | Q(profile__in=visible.values('pk')))

    def assessments(self, user):
        """
        Entries whose assessment the user may know outside of the register, on NetBox's own pages: none without a
        permission on profiles. The CIs of the others are to look as if nobody had said anything.
        """
        return self.restrict(user, 'view') if permitted(user, _profile_model()) is not False else self.none()


def flags_unknown():
    """At least one flag that nobody has answered."""
    unknown = Q()
    for flag in FLAGS:
        unknown |= Q(**{f'{flag}__isnull': True})
    return unknown


class AssetProfileQuerySet(RestrictedQuerySet):

    def restrict(self, user, action='view'):
        """Profiles the user's permission covers, of CIs that NetBox would show the user."""
        queryset = super().restrict(user, action)
        if is_superuser(user):
            return queryset
        if may_see_every_ci(user):
            return queryset.filter(object_type__in=[ci_type.content_type.pk for ci_type in get_ci_types().values()])
        entries = apps.get_model('netbox_ims', 'RegisterEntry').objects.filter(visible_cis(user))
        return queryset.filter(pk__in=entries.filter(profile__isnull=False).values('profile_id'))


class ClassificationQuerySet(RestrictedQuerySet):

    def with_profile_count(self, user):
        """Annotate `profile_count`: how many profiles carry the classification, of those the user may see."""
        profiles = apps.get_model('netbox_ims', 'AssetProfile').objects.restrict(user, 'view')
        of_class = profiles.filter(classification=OuterRef('pk')).order_by().values('classification')
        count = of_class.annotate(count=Count('pk')).values('count')
        return self.annotate(profile_count=Coalesce(Subquery(count), 0))

    def with_required_controls(self, user):
        """Prefetch `required_controls`, of those the user may see."""
        controls = apps.get_model('netbox_ims', 'Control').objects.restrict(user, 'view')
        return self.prefetch_related(Prefetch('required_controls', controls))
