"""What administrators start by hand: repairing the register, and working out anew all that CIs inherit."""
from django.contrib import messages
from django.contrib.auth.mixins import UserPassesTestMixin
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import View

from utilities.rqworker import any_workers_for_queue
from utilities.views import ConditionalLoginRequiredMixin

from ..jobs import RepairRegisterJob, SettleEverythingJob

__all__ = ('RegisterJobView',)

JOBS = {'repair': RepairRegisterJob, 'settle': SettleEverythingJob}
QUEUE = 'default'


class RegisterJobView(ConditionalLoginRequiredMixin, UserPassesTestMixin, View):
    """Enqueues one of JOBS and leads to its page, where the log tells what it does while it does it."""
    raise_exception = True

    def test_func(self):
        return self.request.user.is_superuser

    def get(self, request, name):
        return redirect('plugins:netbox_ims:overview')

    def post(self, request, name):
        if name not in JOBS:
            raise Http404
        job = JOBS[name].enqueue(user=request.user)
        if not any_workers_for_queue(QUEUE):
            messages.warning(request, _('No background worker is running: the job waits until one is started.'))
        return redirect(job.get_absolute_url())
