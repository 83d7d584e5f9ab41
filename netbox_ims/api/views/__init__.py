from rest_framework.routers import APIRootView

from .assignments import *
from .baselines import *
from .classification_rules import *
from .continuity import *
from .controls import *
from .dependencies import *
from .register import *
from .soa import *


class IMSRootView(APIRootView):
    """Root of the integrated management system's API"""

    def get_view_name(self):
        return 'IMS'
