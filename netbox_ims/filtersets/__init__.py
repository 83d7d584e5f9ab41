from .assignments import *
from .controls import *
from .register import *
from .soa import *
