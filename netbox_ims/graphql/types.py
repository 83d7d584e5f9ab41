from .assignments import ControlAssignmentType
from .controls import ClauseType, ControlCatalogType, ControlType, StandardType
from .register import (
    AssetProfileType,
    ClassificationType,
    DecisionType,
    InformationAssetType,
    RegisterEntryType,
    RetiredCIType,
)
from .soa import ScopeType, SoaEntryType, StatementOfApplicabilityType

__all__ = (
    'AssetProfileType',
    'ClassificationType',
    'ClauseType',
    'ControlAssignmentType',
    'ControlCatalogType',
    'ControlType',
    'DecisionType',
    'InformationAssetType',
    'RegisterEntryType',
    'RetiredCIType',
    'ScopeType',
    'SoaEntryType',
    'StandardType',
    'StatementOfApplicabilityType',
)
