from .classification_rules import ClassificationRuleType
from .continuity import BusinessFunctionType, ITServiceType
from .dependencies import DependencyType
from .register import (
    AssetProfileType,
    ClassificationType,
    DecisionType,
    InformationAssetType,
    RegisterEntryType,
    RetiredCIType,
)

__all__ = (
    'AssetProfileType',
    'BusinessFunctionType',
    'ClassificationRuleType',
    'ClassificationType',
    'DecisionType',
    'DependencyType',
    'ITServiceType',
    'InformationAssetType',
    'RegisterEntryType',
    'RetiredCIType',
)
