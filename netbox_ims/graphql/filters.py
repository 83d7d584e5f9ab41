from .assignments import ControlAssignmentFilter
from .baselines import BaselineFilter
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
from .soa import ScopeFilter, SoaEntryFilter, StatementOfApplicabilityFilter

__all__ = (
    'AssetProfileFilter',
    'BaselineFilter',
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
    'ScopeFilter',
    'SoaEntryFilter',
    'StandardFilter',
    'StatementOfApplicabilityFilter',
)
