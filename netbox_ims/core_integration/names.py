"""
Names in lists and filtersets that other plugins add to as well. Whoever comes second must not take what is taken, or a
list would quietly show or filter by something else.
"""
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from netbox.plugins import PluginConfig

__all__ = ('check_names', 'claim')

_claimed = []


def claim(name, ours, where, holder):
    """
    Make sure that `name` is free in what `holder()` returns, a dictionary of named things; who puts `ours` there next
    finds it still there in check_names(). `where` says what it is about: "filter of dcim.DeviceFilterSet".
    """
    if (other := holder().get(name)) is not None:
        raise ImproperlyConfigured(
            f'netbox_ims: the {where} needs the name {name!r}, which {_owner_of(other)} has taken. '
            f'One of the two plugins has to go.'
        )
    _claimed.append((name, ours, where, holder))


def check_names():
    """Called when every plugin is ready: raises ImproperlyConfigured if one of them has replaced anything of ours."""
    for name, ours, where, holder in _claimed:
        if (now := holder().get(name)) is not ours:
            raise ImproperlyConfigured(
                f'netbox_ims: its {where} named {name!r} has been replaced by {_owner_of(now)}. '
                f'One of the two plugins has to go.'
            )


def _owner_of(thing):
    """The plugin whose class it is. Of what is made from NetBox's own classes nobody knows who made it."""
    cls = type(thing)
    plugins = [app.name for app in apps.get_app_configs() if isinstance(app, PluginConfig) and app.name != 'netbox_ims']
    for plugin in plugins:
        if f'{cls.__module__}.'.startswith(f'{plugin}.'):
            return f'the plugin {plugin} ({cls.__name__})'
    return f'another plugin ({cls.__module__}.{cls.__name__}; installed: {", ".join(plugins) or "none"})'
