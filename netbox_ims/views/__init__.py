from .classification_rules import *
from .overview import *
from .register import *
