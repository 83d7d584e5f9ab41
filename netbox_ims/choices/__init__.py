from .controls import *
from .register import *
