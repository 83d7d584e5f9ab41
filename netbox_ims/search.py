from netbox.search import SearchIndex

from .constants import PLAN_SECTIONS
from .models import (
    AssetProfile,
    Baseline,
    BusinessFunction,
    BusinessImpactAnalysis,
    Classification,
    ClassificationRule,
    Clause,
    ContinuityPlan,
    ContinuityTest,
    ContinuityTestSubject,
    Control,
    ControlAssignment,
    ControlCatalog,
    Dependency,
    InformationAsset,
    ITService,
    Risk,
    RiskAcceptance,
    RiskAssignment,
    RiskMatrix,
    RiskTreatment,
    Scope,
    SoaEntry,
    Standard,
    StatementOfApplicability,
)


class ClassificationIndex(SearchIndex):
    model = Classification
    fields = (('name', 100), ('slug', 110), ('description', 500), ('handling', 1000), ('comments', 5000))
    display_attrs = ('level', 'description')


class ClassificationRuleIndex(SearchIndex):
    model = ClassificationRule
    fields = (('name', 100), ('description', 500), ('comments', 5000))
    display_attrs = ('classification', 'mode', 'enabled', 'description')


class BaselineIndex(SearchIndex):
    model = Baseline
    fields = (('name', 100), ('reason', 500), ('user_name', 750))
    display_attrs = ('as_of', 'rows', 'user_name')


class InformationAssetIndex(SearchIndex):
    model = InformationAsset
    fields = (('name', 100), ('slug', 110), ('description', 500), ('comments', 5000))
    display_attrs = ('status', 'custodian', 'description')


class BusinessFunctionIndex(SearchIndex):
    model = BusinessFunction
    fields = (
        ('name', 100), ('slug', 110), ('minimum_level', 500), ('description', 500), ('mtpd_reason', 1000),
        ('comments', 5000)
    )
    display_attrs = ('criticality', 'mtpd_minutes', 'description')


class ITServiceIndex(SearchIndex):
    model = ITService
    fields = (('name', 100), ('slug', 110), ('description', 500), ('comments', 5000))
    display_attrs = ('status', 'description')


class DependencyIndex(SearchIndex):
    """A dependency is found by what people wrote in it; the CIs at its ends are found by NetBox."""
    model = Dependency
    fields = (('redundancy_group', 300), ('description', 500), ('comments', 5000))
    display_attrs = ('redundancy_group', 'description')


class AssetProfileIndex(SearchIndex):
    """A profile is found by what people wrote in it; the CI itself is found by NetBox."""
    model = AssetProfile
    fields = (('data_categories', 300), ('override_justification', 500), ('description', 500), ('comments', 5000))
    display_attrs = ('classification', 'asset_owner', 'description')


class StandardIndex(SearchIndex):
    model = Standard
    fields = (('name', 100), ('slug', 110), ('description', 500), ('comments', 5000))
    display_attrs = ('edition', 'description')


class ClauseIndex(SearchIndex):
    model = Clause
    fields = (('number', 100), ('title', 200), ('description', 500), ('comments', 5000))
    display_attrs = ('standard', 'description')


class ControlCatalogIndex(SearchIndex):
    model = ControlCatalog
    fields = (('name', 100), ('slug', 110), ('description', 500), ('comments', 5000))
    display_attrs = ('edition', 'standard', 'description')


class ControlIndex(SearchIndex):
    model = Control
    fields = (('ref', 60), ('title', 100), ('description', 500), ('comments', 5000))
    display_attrs = ('catalog', 'theme', 'description')


class ScopeIndex(SearchIndex):
    model = Scope
    fields = (('name', 100), ('statement', 300), ('difference_explanation', 500), ('description', 500),
              ('comments', 5000))
    display_attrs = ('standard', 'description')


class StatementOfApplicabilityIndex(SearchIndex):
    model = StatementOfApplicability
    fields = (('description', 500), ('comments', 5000))
    display_attrs = ('catalog', 'status', 'description')


class SoaEntryIndex(SearchIndex):
    model = SoaEntry
    fields = (('justification', 300), ('implementation', 500), ('description', 500), ('comments', 5000))
    display_attrs = ('statement', 'applicable', 'description')


class ControlAssignmentIndex(SearchIndex):
    """An assignment is found by what people wrote in it; control and CI are found by themselves."""
    model = ControlAssignment
    fields = (('description', 500), ('comments', 5000))
    display_attrs = ('control', 'status', 'description')


class BusinessImpactAnalysisIndex(SearchIndex):
    """An analysis is found by what people wrote in it; the function by its name."""
    model = BusinessImpactAnalysis
    fields = (('description', 500), ('comments', 5000))
    display_attrs = ('function', 'analysed_on', 'description')


class ContinuityPlanIndex(SearchIndex):
    model = ContinuityPlan
    fields = (('name', 100), ('description', 500), *((section, 1000) for section in PLAN_SECTIONS), ('comments', 5000))
    display_attrs = ('version', 'plan_type', 'status', 'description')


class ContinuityTestIndex(SearchIndex):
    model = ContinuityTest
    fields = (('lessons', 500), ('description', 500), ('comments', 5000))
    display_attrs = ('plan', 'test_type', 'held_on', 'result', 'description')


class ContinuityTestSubjectIndex(SearchIndex):
    """Found by what people wrote in it; the CI and the test are found by themselves."""
    model = ContinuityTestSubject
    fields = (('description', 500), ('comments', 5000))
    display_attrs = ('test', 'description')
class RiskMatrixIndex(SearchIndex):
    model = RiskMatrix
    fields = (('name', 100), ('description', 500), ('comments', 5000))
    display_attrs = ('version', 'is_active', 'description')


class RiskIndex(SearchIndex):
    model = Risk
    fields = (
        ('reference', 60), ('title', 100), ('threat', 300), ('vulnerability', 300), ('description', 500),
        ('comments', 5000),
    )
    display_attrs = ('status', 'risk_owner', 'description')


class RiskAssignmentIndex(SearchIndex):
    """An assignment is found by what people wrote in it; risk and CI are found by themselves."""
    model = RiskAssignment
    fields = (('description', 500), ('comments', 5000))
    display_attrs = ('risk', 'description')


class RiskTreatmentIndex(SearchIndex):
    model = RiskTreatment
    fields = (('name', 100), ('description', 500), ('comments', 5000))
    display_attrs = ('risk', 'responsible', 'due', 'description')


class RiskAcceptanceIndex(SearchIndex):
    model = RiskAcceptance
    fields = (('justification', 300), ('description', 500), ('comments', 5000))
    display_attrs = ('risk', 'status', 'valid_until', 'description')


indexes = (
    ClassificationIndex,
    ClassificationRuleIndex,
    BaselineIndex,
    InformationAssetIndex,
    AssetProfileIndex,
    BusinessFunctionIndex,
    ITServiceIndex,
    DependencyIndex,
    StandardIndex,
    ClauseIndex,
    ControlCatalogIndex,
    ControlIndex,
    ScopeIndex,
    StatementOfApplicabilityIndex,
    SoaEntryIndex,
    ControlAssignmentIndex,
    BusinessImpactAnalysisIndex,
    ContinuityPlanIndex,
    ContinuityTestIndex,
    ContinuityTestSubjectIndex,
    RiskMatrixIndex,
    RiskIndex,
    RiskAssignmentIndex,
    RiskTreatmentIndex,
    RiskAcceptanceIndex,
)
