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
    'ClassificationType',
    'DecisionType',
    'InformationAssetType',
    'RegisterEntryType',
    'RetiredCIType',
)
