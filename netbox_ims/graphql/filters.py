from .classification_rules import ClassificationRuleFilter
from .continuity import BusinessFunctionFilter, ITServiceFilter
from .dependencies import DependencyFilter
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
    'BusinessFunctionFilter',
    'ClassificationFilter',
    'ClassificationRuleFilter',
    'DecisionFilter',
    'DependencyFilter',
    'ITServiceFilter',
    'InformationAssetFilter',
    'RegisterEntryFilter',
    'RetiredCIFilter',
)
