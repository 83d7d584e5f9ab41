from netbox.search import SearchIndex

from .models import (
    AssetProfile,
    Baseline,
    BusinessFunction,
    Classification,
    ClassificationRule,
    Clause,
    Control,
    ControlAssignment,
    ControlCatalog,
    Dependency,
    InformationAsset,
    ITService,
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
    fields = (('name', 100), ('slug', 110), ('description', 500), ('comments', 5000))
    display_attrs = ('criticality', 'description')


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
)
