"""NetBox together with its static files, so that the demo needs neither nginx nor collectstatic."""
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.urls import get_resolver

from netbox.wsgi import application as netbox

# Imports every view now, once, before the server forks: a start takes half the time.
assert get_resolver().url_patterns

application = StaticFilesHandler(netbox)
