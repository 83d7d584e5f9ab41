from .core_integration.panels import AssessmentPanel, ControlsPanel, Head

template_extensions = (Head, AssessmentPanel, ControlsPanel)
