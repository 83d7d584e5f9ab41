from .core_integration.panels import AssessmentPanel, Head

template_extensions = (Head, AssessmentPanel)
