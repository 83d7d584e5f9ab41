from .continuity import *
from .register import *
