from .assignments import *
from .controls import *
from .overview import *
from .register import *
from .soa import *
