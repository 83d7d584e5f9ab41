from .classification_rules import *
from .register import *
