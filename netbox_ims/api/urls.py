from django.urls import path

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
    'impact-analyses': views.BusinessImpactAnalysisViewSet,
    'continuity-plans': views.ContinuityPlanViewSet,
    'continuity-tests': views.ContinuityTestViewSet,
    'continuity-test-subjects': views.ContinuityTestSubjectViewSet,
    'alignment': views.AlignmentViewSet,
    'risk-matrices': views.RiskMatrixViewSet,
    'risks': views.RiskViewSet,
    'risk-assignments': views.RiskAssignmentViewSet,
    'risk-treatments': views.RiskTreatmentViewSet,
    'risk-acceptances': views.RiskAcceptanceViewSet,
    'baselines': views.BaselineViewSet,
}

router = NetBoxRouter()
router.APIRootView = views.IMSRootView
for prefix, viewset in ROUTES.items():
    router.register(prefix, viewset)

urlpatterns = [path('what-if/', views.WhatIfView.as_view(), name='what_if'), *router.urls]
