from .classification_rules import *
from .continuity import *
from .dependencies import *
from .maintenance import *
from .overview import *
from .register import *
