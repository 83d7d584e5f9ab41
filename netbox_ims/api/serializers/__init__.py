from .assignments import *
from .baselines import *
from .classification_rules import *
from .continuity import *
from .controls import *
from .dependencies import *
from .register import *
from .soa import *
