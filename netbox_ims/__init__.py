"""NetBox as the one register of an integrated management system (ISO/IEC 20000-1, ISO/IEC 27001, ISO 22301)."""
from django.utils.translation import gettext_lazy as _

from netbox.plugins import PluginConfig

__version__ = '0.1.0'


class IMSConfig(PluginConfig):
    name = 'netbox_ims'
    verbose_name = _('Integrated management system')
    description = _('One register for ISO/IEC 20000-1, ISO/IEC 27001 and ISO 22301')
    version = __version__
    author = 'netbox_ims contributors'
    base_url = 'ims'
    min_version = '4.7.3'      # the oldest whose migrations ours are known to follow
    max_version = '4.7.99'
    graphql_schema = 'graphql.schema.schema'
    middleware = [
        'netbox_ims.core_integration.middleware.SettleMiddleware',
        'netbox_ims.core_integration.middleware.RefusalMiddleware',
    ]
    graphql_type_extensions = 'core_integration.graphql.type_extensions'
    graphql_filter_extensions = 'core_integration.graphql.filter_extensions'
    default_settings = {
        # CI types the register holds: None = the shipped list (constants.CI_TYPES). See docs/configuration.md.
        'ci_types': None,
        # Kinds of dependencies that NetBox itself knows: None = all of edges.EDGE_KINDS, or a list of some.
        'derived_edges': None,
        # A review is "due" this many days before it is overdue.
        'review_notice_days': 30,
        # The filters `ims_…` on NetBox's own lists (core_integration/filters.py). Off, they are refused.
        'core_filters': True,
        # Whether who edited a statement of applicability last may also approve it.
        'soa_self_approval': False,
        # The same of continuity plans.
        'plan_self_approval': False,
        # Whether a service continuity plan must follow from a business continuity plan: where ISO 22301 is in scope.
        'service_plans_need_business_plan': True,
        # Days for which the register can be asked what it said: None = for ever. What ended before that is deleted.
        'history_retention_days': None,
    }

    def ready(self):
        super().ready()
        from . import dashboard, jobs, signals  # noqa: F401
        from .ci_types import get_ci_types
        from .core_integration import install
        from .edges import get_edge_sources
        from .events import register_events

        # What is impossible stops NetBox here, by name, rather than in a trigger later.
        get_ci_types()
        get_edge_sources()
        install()
        register_events()


config = IMSConfig
