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
    'ClassificationType',
    'DecisionType',
    'DependencyType',
    'ITServiceType',
    'InformationAssetType',
    'RegisterEntryType',
    'RetiredCIType',
)
