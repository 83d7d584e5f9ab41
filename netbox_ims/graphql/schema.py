from .alignment import AlignmentQuery
from .assignments import AssignmentsQuery
from .baselines import BaselineQuery
from .classification_rules import ClassificationRuleQuery
from .continuity import ContinuityQuery
from .continuity_tests import ContinuityTestsQuery
from .controls import ControlsQuery
from .dependencies import DependencyQuery
from .impact import ImpactQuery
from .plans import PlansQuery
from .register import RegisterQuery
from .risk import RiskQuery
from .soa import SoaQuery

schema = [
    RegisterQuery, ContinuityQuery, DependencyQuery, ClassificationRuleQuery, ControlsQuery, SoaQuery,
    AssignmentsQuery, ImpactQuery, PlansQuery, ContinuityTestsQuery, AlignmentQuery, RiskQuery, BaselineQuery,
]
