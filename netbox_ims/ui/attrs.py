"""Attributes of detail panels that several domains share, drawn by the same templates as the lists."""
from django.template.loader import render_to_string

from netbox.ui import attrs

__all__ = (
    'ApplicableAttr',
    'ClassificationAttr',
    'EvidenceAttr',
    'FlagAttr',
    'MinutesAttr',
    'OwnerAttr',
    'ReasonsAttr',
    'ReviewAttr',
    'TagsAttr',
)


class BadgeAttr(attrs.ObjectAttribute):
    """Draws None too: unknown is said in words, where NetBox's dash would mean "not applicable"."""

    def render(self, obj, context):
        return render_to_string(self.template_name, {'record': obj, 'value': self.get_value(obj)})


class ClassificationAttr(BadgeAttr):
    template_name = 'netbox_ims/columns/classification.html'


class FlagAttr(BadgeAttr):
    template_name = 'netbox_ims/columns/flag.html'


class MinutesAttr(BadgeAttr):
    template_name = 'netbox_ims/columns/minutes.html'


class OwnerAttr(BadgeAttr):
    template_name = 'netbox_ims/columns/asset_owner.html'


class ReviewAttr(BadgeAttr):
    template_name = 'netbox_ims/columns/review.html'


class TagsAttr(attrs.TextAttr):
    """A list of tags as the standard writes them (`Asset_management`), in words."""

    def get_value(self, obj):
        return ', '.join(tag.replace('_', ' ') for tag in super().get_value(obj) or ()) or None


class ApplicableAttr(BadgeAttr):
    template_name = 'netbox_ims/columns/applicable.html'


class ReasonsAttr(BadgeAttr):
    template_name = 'netbox_ims/columns/reasons.html'


class EvidenceAttr(BadgeAttr):
    template_name = 'netbox_ims/columns/evidence.html'
