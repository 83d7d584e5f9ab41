"""View mixins and actions that several domains share."""
from django.utils.translation import gettext_lazy as _

from netbox.object_actions import ObjectAction
from netbox.views import generic
from utilities.forms import restrict_form_fields

from ..forms.assess import ClassifyBarForm
from ..services.triggers import trigger_status

__all__ = ('AssessSelected', 'ClassifySelected', 'ObjectView', 'RegisterStateMixin', 'RestoreProfile')


class ObjectView(generic.ObjectView):
    """A detail page declared as a layout of panels."""
    template_name = 'generic/object.html'


class RegisterStateMixin:
    """
    Says on the page when the register may not be right, because the triggers that keep it are not as they should be.
    """

    def get_extra_context(self, request, *args):
        return {**super().get_extra_context(request, *args), 'trigger_status': trigger_status()}


class ClassifySelected(ObjectAction):
    """Classification and asset owner chosen in the bar itself: one step for the rows ticked."""
    name = 'classify'
    label = _('Classify Selected')
    multi = True
    template_name = 'netbox_ims/buttons/classify.html'

    @classmethod
    def get_context(cls, context, obj):
        form = ClassifyBarForm()
        restrict_form_fields(form, context['request'].user)
        return {'form': form}


class AssessSelected(ObjectAction):
    """Every assessed value at once, on a form of its own."""
    name = 'bulk_edit'
    label = _('Edit Selected')
    multi = True
    template_name = 'buttons/bulk_edit.html'


class RestoreProfile(ObjectAction):
    """Give a rebuilt CI the assessment of the one that is gone."""
    name = 'restore'
    label = _('Take Over')
    url_kwargs = ['pk']
    template_name = 'netbox_ims/buttons/restore.html'
