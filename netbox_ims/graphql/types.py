from .assignments import ControlAssignmentType
from .baselines import BaselineType
from .classification_rules import ClassificationRuleType
from .continuity import BusinessFunctionType, ITServiceType
from .controls import ClauseType, ControlCatalogType, ControlType, StandardType
from .dependencies import DependencyType
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
    'BaselineType',
    'BusinessFunctionType',
    'ClassificationRuleType',
    'ClassificationType',
    'ClauseType',
    'ControlAssignmentType',
    'ControlCatalogType',
    'ControlType',
    'DecisionType',
    'DependencyType',
    'ITServiceType',
    'InformationAssetType',
    'RegisterEntryType',
    'RetiredCIType',
    'ScopeType',
    'SoaEntryType',
    'StandardType',
    'StatementOfApplicabilityType',
)
