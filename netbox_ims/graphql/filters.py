from .assignments import ControlAssignmentFilter
from .controls import ClauseFilter, ControlCatalogFilter, ControlFilter, StandardFilter
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
    'ClassificationFilter',
    'ClauseFilter',
    'ControlAssignmentFilter',
    'ControlCatalogFilter',
    'ControlFilter',
    'DecisionFilter',
    'InformationAssetFilter',
    'RegisterEntryFilter',
    'RetiredCIFilter',
    'ScopeFilter',
    'SoaEntryFilter',
    'StandardFilter',
    'StatementOfApplicabilityFilter',
)
