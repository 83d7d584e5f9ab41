from .alignment import AlignmentFilter
from .assignments import ControlAssignmentFilter
from .baselines import BaselineFilter
from .classification_rules import ClassificationRuleFilter
from .continuity import BusinessFunctionFilter, ITServiceFilter
from .continuity_tests import ContinuityTestFilter, ContinuityTestSubjectFilter
from .controls import ClauseFilter, ControlCatalogFilter, ControlFilter, StandardFilter
from .dependencies import DependencyFilter
from .impact import BusinessImpactAnalysisFilter
from .plans import ContinuityPlanFilter
from .register import (
    AssetProfileFilter,
    ClassificationFilter,
    DecisionFilter,
    InformationAssetFilter,
    RegisterEntryFilter,
    RetiredCIFilter,
)
from .risk import (
    RiskAcceptanceFilter,
    RiskAssignmentFilter,
    RiskFilter,
    RiskMatrixFilter,
    RiskTreatmentFilter,
)
from .soa import ScopeFilter, SoaEntryFilter, StatementOfApplicabilityFilter

__all__ = (
    'AlignmentFilter',
    'AssetProfileFilter',
    'BaselineFilter',
    'BusinessFunctionFilter',
    'BusinessImpactAnalysisFilter',
    'ClassificationFilter',
    'ClassificationRuleFilter',
    'ClauseFilter',
    'ContinuityPlanFilter',
    'ContinuityTestFilter',
    'ContinuityTestSubjectFilter',
    'ControlAssignmentFilter',
    'ControlCatalogFilter',
    'ControlFilter',
    'DecisionFilter',
    'DependencyFilter',
    'ITServiceFilter',
    'InformationAssetFilter',
    'RegisterEntryFilter',
    'RetiredCIFilter',
    'RiskAcceptanceFilter',
    'RiskAssignmentFilter',
    'RiskFilter',
    'RiskMatrixFilter',
    'RiskTreatmentFilter',
    'ScopeFilter',
    'SoaEntryFilter',
    'StandardFilter',
    'StatementOfApplicabilityFilter',
)
