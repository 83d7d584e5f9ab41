"""Questions to the history of the register: what it said at a moment, and what the things were called that it names."""
from itertools import batched

from django.apps import apps
from django.db.models import DateTimeField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.query import ModelIterable
from django.utils import timezone

from users.constants import CONSTRAINT_TOKEN_USER
from utilities.permissions import qs_filter_from_constraints
from utilities.querysets import RestrictedQuerySet

from .names import call_as_then
from .register import RegisterRowQuerySet, visible_profiles
from .visibility import is_superuser, permitted, visible_cis_then

__all__ = (
    'RegisterAsOfQuerySet', 'RegisterNameQuerySet', 'RegisterVersionQuerySet', 'history_start', 'open_ended',
    'valid_at',
)


CHUNK = 1000        # rows whose names are looked up at once, where all of them are gone through


class Never(Func):
    """How the database has the end of a period that has not ended."""
    template = "'infinity'::timestamptz"
    output_field = DateTimeField()


def open_ended():
    """A Q over rows with a period: those that are still so."""
    return Q(valid_to=Never())


def valid_at(moment):
    """A Q over rows with a period: those that were so at the moment."""
    return Q(valid_from__lte=moment, valid_to__gt=moment)


def history_start(using=None):
    """Since when the register can be asked what it said, or None while nothing is kept."""
    model = apps.get_model('netbox_ims', 'HistoryStart')
    return model.objects.using(using).values_list('time', flat=True).first()


class PeriodQuerySet(QuerySet):
    """Of rows that were so for a time."""

    def at(self, moment):
        return self.filter(valid_at(moment))

    def open(self):
        return self.filter(open_ended())


class OfCIsQuerySet(QuerySet):
    """Of rows about CIs that may be gone."""

    def with_gone(self, user):
        """
        Each row knows as `gone` whether its CI is no longer there, and as `retired` the key of the RetiredCI that is
        left of it, if the user may see that.
        """
        same_ci = {'object_type': OuterRef('object_type'), 'object_id': OuterRef('object_id')}
        entries = apps.get_model('netbox_ims', 'RegisterEntry').objects.filter(**same_ci)
        retired = apps.get_model('netbox_ims', 'RetiredCI').objects.restrict(user, 'view').filter(**same_ci)
        return self.annotate(gone=~Exists(entries), retired=Subquery(retired.order_by('-pk').values('pk')[:1]))


class RegisterVersionQuerySet(OfCIsQuerySet, PeriodQuerySet, RestrictedQuerySet):

    def of(self, type_id, object_id):
        """The versions of one CI, oldest first."""
        return self.filter(object_type=type_id, object_id=object_id).order_by('valid_to')

    def restrict(self, user, action='view'):
        """Versions of CIs the user may see; of a CI that is gone, those in which the user could have seen it."""
        seen = restricted_entries(self.model, user, action)
        return self if seen is None else self.filter(seen, visible_cis_then(user), profile_seen(user))


class RegisterNameQuerySet(PeriodQuerySet):
    pass


class RegisterAsOfQuerySet(OfCIsQuerySet, RegisterRowQuerySet):

    def at(self, moment):
        """
        The entries that the register had at the moment; each knows it as `moment`, and as `as_of` since when the
        register had said so.
        """
        found = self.filter(valid_at(moment)).annotate(
            moment=Value(moment, output_field=DateTimeField()), as_of=F('valid_from')
        )
        found.moment = moment
        return found

    def _clone(self):
        clone = super()._clone()
        clone.moment = self.moment
        return clone

    def _fetch_all(self):
        fetched = self._result_cache is not None
        super()._fetch_all()
        if not fetched and self._are_entries:
            call_as_then(self._result_cache, self.moment)

    def _iterator(self, use_chunked_fetch, chunk_size):
        rows = super()._iterator(use_chunked_fetch, chunk_size)
        if not self._are_entries:
            yield from rows
            return
        for chunk in batched(rows, chunk_size or CHUNK, strict=False):
            call_as_then(chunk, self.moment)
            yield from chunk

    @property
    def _are_entries(self):
        return self.moment is not None and issubclass(self._iterable_class, ModelIterable)

    @property
    def today(self):
        return timezone.localdate(self.moment) if self.moment else super().today

    def restrict(self, user, action='view'):
        """
        Entries that the user's permission on register entries covers by what they said, of CIs that NetBox would show
        the user now; of CIs that are gone since, those that were then where the user may see CIs.
        """
        seen = restricted_entries(self.model, user, action)
        return self if seen is None else self.filter(seen, visible_cis_then(user), profile_seen(user))


def restricted_entries(model, user, action):
    """
    A Q over versions that the user's permission on register entries covers; None where nothing is kept from the user.
    """
    if is_superuser(user):
        return None
    allowed = permitted(user, apps.get_model('netbox_ims', 'RegisterEntry'))
    if action != 'view' or allowed is False:
        return Q(pk__in=[])
    if allowed is True:
        return Q()
    # In a subquery, since a constraint may join what there is several of. By version: an entry had others before.
    key = 'version_id' if hasattr(model, 'version_id') else 'pk'
    met = model.objects.filter(qs_filter_from_constraints(allowed, {CONSTRAINT_TOKEN_USER: user}))
    return Q(**{f'{key}__in': met.order_by().values(key)})


def profile_seen(user):
    """
    A Q over versions that keeps those about CIs whose profile, as it is today, is not kept from the user. Of a CI that
    is gone there is no profile left to ask: it is kept back from whoever has constraints on profiles.
    """
    if (visible := visible_profiles(user)) is None:
        return Q()
    entries = apps.get_model('netbox_ims', 'RegisterEntry').objects.filter(
        Q(profile__isnull=True) | Q(profile__in=visible.values('pk')),
        object_type=OuterRef('object_type'), object_id=OuterRef('object_id'),
    )
    return Q(Exists(entries))
