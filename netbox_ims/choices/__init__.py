from .classification_rules import *
from .continuity import *
from .register import *
