from .classification_rules import *
from .continuity import *
from .dependencies import *
from .graph import *
from .register import *
