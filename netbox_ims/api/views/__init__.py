from rest_framework.routers import APIRootView

from .alignment import *
from .assignments import *
from .baselines import *
from .classification_rules import *
from .continuity import *
from .continuity_tests import *
from .controls import *
from .dependencies import *
from .impact import *
from .plans import *
from .register import *
from .risk import *
from .soa import *
from .what_if import *


class IMSRootView(APIRootView):
    """Root of the integrated management system's API"""

    def get_view_name(self):
        return 'IMS'
