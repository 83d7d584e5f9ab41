from .overview import *
from .register import *
