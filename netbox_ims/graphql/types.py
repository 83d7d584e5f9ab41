from .alignment import AlignmentType
from .assignments import ControlAssignmentType
from .baselines import BaselineType
from .classification_rules import ClassificationRuleType
from .continuity import BusinessFunctionType, ITServiceType
from .continuity_tests import ContinuityTestSubjectType, ContinuityTestType
from .controls import ClauseType, ControlCatalogType, ControlType, StandardType
from .dependencies import DependencyType
from .impact import BusinessImpactAnalysisType
from .plans import ContinuityPlanType
from .register import (
    AssetProfileType,
    ClassificationType,
    DecisionType,
    InformationAssetType,
    RegisterEntryType,
    RetiredCIType,
)
from .risk import (
    RiskAcceptanceType,
    RiskAssignmentType,
    RiskMatrixType,
    RiskTreatmentType,
    RiskType,
)
from .soa import ScopeType, SoaEntryType, StatementOfApplicabilityType

__all__ = (
    'AlignmentType',
    'AssetProfileType',
    'BaselineType',
    'BusinessFunctionType',
    'BusinessImpactAnalysisType',
    'ClassificationRuleType',
    'ClassificationType',
    'ClauseType',
    'ContinuityPlanType',
    'ContinuityTestSubjectType',
    'ContinuityTestType',
    'ControlAssignmentType',
    'ControlCatalogType',
    'ControlType',
    'DecisionType',
    'DependencyType',
    'ITServiceType',
    'InformationAssetType',
    'RegisterEntryType',
    'RetiredCIType',
    'RiskAcceptanceType',
    'RiskAssignmentType',
    'RiskMatrixType',
    'RiskTreatmentType',
    'RiskType',
    'ScopeType',
    'SoaEntryType',
    'StandardType',
    'StatementOfApplicabilityType',
)
