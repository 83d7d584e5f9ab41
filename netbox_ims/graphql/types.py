from .classification_rules import ClassificationRuleType
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
    'ClassificationRuleType',
    'ClassificationType',
    'DecisionType',
    'InformationAssetType',
    'RegisterEntryType',
    'RetiredCIType',
)
