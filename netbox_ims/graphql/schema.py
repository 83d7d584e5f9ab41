from .classification_rules import ClassificationRuleQuery
from .continuity import ContinuityQuery
from .dependencies import DependencyQuery
from .register import RegisterQuery

schema = [RegisterQuery, ContinuityQuery, DependencyQuery, ClassificationRuleQuery]
