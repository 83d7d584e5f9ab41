from .core_integration.classification_rules import RuleFromListButton, SuggestionPanel
from .core_integration.panels import AssessmentPanel, Head

template_extensions = (Head, AssessmentPanel, SuggestionPanel, RuleFromListButton)
