from .classification_rules import ClassificationRuleQuery
from .register import RegisterQuery

schema = [RegisterQuery, ClassificationRuleQuery]
