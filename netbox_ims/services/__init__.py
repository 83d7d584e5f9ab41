"""Actions that change several records. They never see a request, form or serializer."""
