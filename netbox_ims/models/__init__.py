from .evidence import *  # noqa: I001  (evidence refers to the register)
from .register import *
from .controls import *
from .soa import *
from .assignments import *
