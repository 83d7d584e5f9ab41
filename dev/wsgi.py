"""NetBox together with its static files, so that the demo needs neither nginx nor collectstatic."""
from django.contrib.staticfiles.handlers import StaticFilesHandler
from netbox.wsgi import application as netbox

application = StaticFilesHandler(netbox)
