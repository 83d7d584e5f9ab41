from netbox.api.routers import NetBoxRouter

from . import views

app_name = 'netbox_ims'

ROUTES = {
    'classifications': views.ClassificationViewSet,
    'information-assets': views.InformationAssetViewSet,
    'asset-profiles': views.AssetProfileViewSet,
    'classification-rules': views.ClassificationRuleViewSet,
    'register': views.RegisterEntryViewSet,
    'business-functions': views.BusinessFunctionViewSet,
    'it-services': views.ITServiceViewSet,
    'dependencies': views.DependencyViewSet,
    'decisions': views.DecisionViewSet,
    'retired-cis': views.RetiredCIViewSet,
    'standards': views.StandardViewSet,
    'clauses': views.ClauseViewSet,
    'control-catalogs': views.ControlCatalogViewSet,
    'controls': views.ControlViewSet,
    'scopes': views.ScopeViewSet,
    'statements': views.StatementOfApplicabilityViewSet,
    'soa-entries': views.SoaEntryViewSet,
    'control-assignments': views.ControlAssignmentViewSet,
    'baselines': views.BaselineViewSet,
}

router = NetBoxRouter()
router.APIRootView = views.IMSRootView
for path, viewset in ROUTES.items():
    router.register(path, viewset)

urlpatterns = router.urls
