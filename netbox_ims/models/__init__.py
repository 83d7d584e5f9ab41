from .classification_rules import *
from .evidence import *  # noqa: I001  (evidence refers to the register)
from .register import *
