"""Pages that take YAML which people write by hand."""
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import router, transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from utilities.exceptions import PermissionsViolation
from utilities.views import ConditionalLoginRequiredMixin

from ..catalogs import CatalogError
from ..forms import YamlUploadForm

__all__ = ('YamlUploadView',)


class YamlUploadView(ConditionalLoginRequiredMixin, PermissionRequiredMixin, View):
    """Makes a `model` of a YAML document; what is wrong with it is said by line, and nothing is made then."""
    model = None
    template_name = None

    def bring_in(self, request, text, message):
        """(what was made of the text, a sentence that says so). Raises CatalogError."""
        raise NotImplementedError

    def get(self, request):
        return self.show(request, YamlUploadForm())

    def post(self, request):
        form = YamlUploadForm(request.POST, request.FILES)
        if form.is_valid():
            said = form.cleaned_data
            try:
                with transaction.atomic(using=router.db_for_write(self.model)):
                    made, done = self.bring_in(request, said['text'], said['changelog_message'])
                    if not self.model.objects.restrict(request.user, 'add').filter(pk=made.pk).exists():
                        raise PermissionsViolation()
            except PermissionsViolation as e:
                form.add_error(None, str(e.message))
            except CatalogError as e:
                for line, message in e.problems:
                    form.add_error(None, _('Line {line}: {message}').format(line=line, message=message))
            else:
                messages.success(request, done)
                return redirect(made.get_absolute_url())
        return self.show(request, form)

    def show(self, request, form):
        return render(request, self.template_name, {'form': form})
