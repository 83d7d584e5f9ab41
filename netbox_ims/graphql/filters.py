from .classification_rules import ClassificationRuleFilter
from .register import (
    AssetProfileFilter,
    ClassificationFilter,
    DecisionFilter,
    InformationAssetFilter,
    RegisterEntryFilter,
    RetiredCIFilter,
)

__all__ = (
    'AssetProfileFilter',
    'ClassificationFilter',
    'ClassificationRuleFilter',
    'DecisionFilter',
    'InformationAssetFilter',
    'RegisterEntryFilter',
    'RetiredCIFilter',
)
