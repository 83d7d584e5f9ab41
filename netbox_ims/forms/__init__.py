from .classification_rules import *
from .continuity import *
from .dependencies import *
from .register import *
