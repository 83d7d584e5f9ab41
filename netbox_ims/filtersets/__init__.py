from .continuity import *
from .dependencies import *
from .register import *
