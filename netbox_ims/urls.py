from django.urls import include, path
from django.views.generic import RedirectView

from utilities.urls import get_model_urls

from . import views
from .core_integration import check_names

app_name = 'netbox_ims'

MODELS = {
    'classifications': 'classification',
    'information-assets': 'informationasset',
    'asset-profiles': 'assetprofile',
    'classification-rules': 'classificationrule',
    'register': 'registerentry',
    'business-functions': 'businessfunction',
    'it-services': 'itservice',
    'dependencies': 'dependency',
    'decisions': 'decision',
    'retired-cis': 'retiredci',
    'standards': 'standard',
    'clauses': 'clause',
    'control-catalogs': 'controlcatalog',
    'controls': 'control',
    'scopes': 'scope',
    'statements': 'statementofapplicability',
    'soa-entries': 'soaentry',
    'control-assignments': 'controlassignment',
    'impact-analyses': 'businessimpactanalysis',
    'continuity-plans': 'continuityplan',
    'continuity-tests': 'continuitytest',
    'continuity-test-subjects': 'continuitytestsubject',
    'alignment': 'alignment',
    'risk-matrices': 'riskmatrix',
    'risks': 'risk',
    'risk-assignments': 'riskassignment',
    'risk-treatments': 'risktreatment',
    'risk-acceptances': 'riskacceptance',
    'baselines': 'baseline',
}

urlpatterns = [
    path('', RedirectView.as_view(pattern_name='plugins:netbox_ims:overview')),
    path('overview/', views.OverviewView.as_view(), name='overview'),
    path('what-if/', views.WhatIfView.as_view(), name='what_if'),
    path('maintenance/<slug:name>/', views.RegisterJobView.as_view(), name='register_job'),
    path('reference-data/', views.LoadReferenceDataView.as_view(), name='load_reference_data'),
]
for prefix, model in MODELS.items():
    urlpatterns += [
        path(f'{prefix}/', include(get_model_urls('netbox_ims', model, detail=False))),
        path(f'{prefix}/<int:pk>/', include(get_model_urls('netbox_ims', model))),
    ]

# The first thing that NetBox reads when every plugin is ready
check_names()
