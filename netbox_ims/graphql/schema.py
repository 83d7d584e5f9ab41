from .assignments import AssignmentsQuery
from .baselines import BaselineQuery
from .classification_rules import ClassificationRuleQuery
from .continuity import ContinuityQuery
from .controls import ControlsQuery
from .dependencies import DependencyQuery
from .register import RegisterQuery
from .soa import SoaQuery

schema = [
    RegisterQuery, ContinuityQuery, DependencyQuery, ClassificationRuleQuery, ControlsQuery, SoaQuery,
    AssignmentsQuery, BaselineQuery,
]
