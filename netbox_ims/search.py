from netbox.search import SearchIndex

from .models import (
    AssetProfile,
    BusinessFunction,
    Classification,
    ClassificationRule,
    Dependency,
    InformationAsset,
    ITService,
)


class ClassificationIndex(SearchIndex):
    model = Classification
    fields = (('name', 100), ('slug', 110), ('description', 500), ('handling', 1000), ('comments', 5000))
    display_attrs = ('level', 'description')


class ClassificationRuleIndex(SearchIndex):
    model = ClassificationRule
    fields = (('name', 100), ('description', 500), ('comments', 5000))
    display_attrs = ('classification', 'mode', 'enabled', 'description')


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


indexes = (
    ClassificationIndex,
    ClassificationRuleIndex,
    InformationAssetIndex,
    AssetProfileIndex,
    BusinessFunctionIndex,
    ITServiceIndex,
    DependencyIndex,
)
