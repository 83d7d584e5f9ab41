"""Django signals, each a few lines that delegate: who is behind a change, and installing triggers around migrations."""
from django.db.models.signals import post_migrate, pre_delete, pre_migrate, pre_save

from netbox.context import current_request
from tenancy.models import Contact

from .ci_types import get_ci_types
from .models import AssetProfile
from .services.attribution import attribute
from .services.derive import settle
from .services.triggers import drop_triggers, install_triggers


def name_the_author(sender, instance, using, **kwargs):
    """Also for `raw` saves: a merged branch replays profiles that way, with its request set."""
    request = current_request.get()
    attribute(using, request.user if request else None, getattr(instance, '_changelog_message', None))


pre_save.connect(name_the_author, sender=AssetProfile, dispatch_uid='netbox_ims.author')
# Deleting a CI takes its profile along, deleting a contact leaves an asset without its owner: both are decisions.
for model in (AssetProfile, Contact, *(ci_type.model for ci_type in get_ci_types().values())):
    pre_delete.connect(name_the_author, sender=model, dispatch_uid='netbox_ims.author')


def before_migrations(sender, using, plan=None, **kwargs):
    """
    A later migration of NetBox's own may change what a trigger reads: none is in the way while they run. With nothing
    to migrate they stay, as dropping them means comparing the whole register afterwards.
    """
    if sender.label == 'netbox_ims' and plan != []:
        drop_triggers(using)


def after_migrations(sender, using, **kwargs):
    if sender.label == 'netbox_ims' and install_triggers(using) is not None:
        settle(using)


pre_migrate.connect(before_migrations, dispatch_uid='netbox_ims.triggers')
post_migrate.connect(after_migrations, dispatch_uid='netbox_ims.triggers')
