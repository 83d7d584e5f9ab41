from .classification_rules import *
from .continuity import *
from .dependencies import *
from .evidence import *  # noqa: I001  (evidence refers to the register)
from .register import *
