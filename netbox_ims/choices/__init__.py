from .alignment import *
from .classification_rules import *
from .continuity import *
from .controls import *
from .register import *
from .risk import *
