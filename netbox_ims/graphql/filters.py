from .assignments import ControlAssignmentFilter
from .classification_rules import ClassificationRuleFilter
from .continuity import BusinessFunctionFilter, ITServiceFilter
from .controls import ClauseFilter, ControlCatalogFilter, ControlFilter, StandardFilter
from .dependencies import DependencyFilter
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
    'AssetProfileFilter',
    'BusinessFunctionFilter',
    'ClassificationFilter',
    'ClassificationRuleFilter',
    'ClauseFilter',
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
