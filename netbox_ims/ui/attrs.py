"""Attributes of detail panels that several domains share, drawn by the same templates as the lists."""
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from netbox.ui import attrs

from ..tables.columns import ci_url

__all__ = (
    'ApplicableAttr', 'CIAttr', 'CITypeAttr', 'CarriesAttr', 'ClassificationAttr', 'EvidenceAttr', 'FlagAttr',
    'LimitAttr', 'MadeChoiceAttr', 'MinutesAttr', 'OwnerAttr', 'ReasonsAttr', 'ReviewAttr', 'StaleAttr', 'TagsAttr',
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


class LimitAttr(BadgeAttr):
    template_name = 'netbox_ims/columns/limit.html'


class StaleAttr(BadgeAttr):
    template_name = 'netbox_ims/columns/stale.html'


class OwnerAttr(BadgeAttr):
    template_name = 'netbox_ims/columns/asset_owner.html'


class ReviewAttr(BadgeAttr):
    template_name = 'netbox_ims/columns/review.html'


class CarriesAttr(BadgeAttr):
    template_name = 'netbox_ims/columns/carries.html'


class MadeChoiceAttr(attrs.ChoiceAttr):
    """A choice that somebody makes some day: until then it is unknown."""

    def render(self, obj, context):
        if not self.get_value(obj):
            return render_to_string('netbox_ims/inc/unknown.html', {'text': _('Unknown')})
        return super().render(obj, context)


class CIAttr(attrs.ObjectAttribute):
    """A CI that the object is about, as a link to its NetBox page."""
    template_name = 'netbox_ims/columns/ci_name.html'

    def render(self, obj, context):
        ci = self.get_value(obj)
        return render_to_string(self.template_name, {'record': ci, 'url': ci_url(ci.ci_type, ci.object_id)})


class CITypeAttr(attrs.ObjectAttribute):
    """The type of such a CI, with its icon."""
    template_name = 'netbox_ims/columns/ci_type.html'

    def render(self, obj, context):
        return render_to_string(self.template_name, {'record': self.get_value(obj)})


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
