"""Which CIs a scope covers by themselves."""
from django.db import router, transaction
from django.db.models.signals import m2m_changed

from ..ci_types import get_ci_types
from ..models import RegisterEntry, ScopeMember

__all__ = ('set_logged_members', 'set_members')


def set_members(scope, wanted, user=None, using=None):
    """
    Make the CIs `wanted` ((content type's primary key, object id) each) the ones that the scope covers by themselves.
    CIs that the user may not see stay as they are: who can't see them can't take them out. `user=None` sees all.
    """
    using = using or router.db_for_write(ScopeMember)
    with transaction.atomic(using=using):
        members = scope.members.using(using)
        if user is not None:
            members = members.about_visible(user)
        wanted = set(wanted)
        known = {(member.object_type_id, member.object_id): member.pk for member in members}
        gone = [pk for ci, pk in known.items() if ci not in wanted]
        added = [
            ScopeMember(scope=scope, object_type_id=type_id, object_id=pk) for type_id, pk in wanted - known.keys()
        ]
        ScopeMember.objects.using(using).filter(pk__in=gone).delete()
        ScopeMember.objects.using(using).bulk_create(added)
        for action, pks in (('post_remove', gone), ('post_add', [member.pk for member in added])):
            if pks:
                # As for a many-to-many field: NetBox then writes it to the change log and lets event rules know.
                m2m_changed.send(
                    sender=ScopeMember, instance=scope, action=action, reverse=False, model=RegisterEntry,
                    pk_set=set(pks), using=using
                )


def set_logged_members(scope, logged, using):
    """Make the CIs that the change log names as `cis` of the scope its members, as far as they are still there."""
    wanted = set()
    for text in logged:
        label, pk = text.split(' ')
        ci_type = get_ci_types().get(label)
        if ci_type and ci_type.model.objects.using(using).filter(pk=pk).exists():
            wanted.add((ci_type.content_type.pk, int(pk)))
    set_members(scope, wanted, using=using)
