from .graph import *
from .register import *
