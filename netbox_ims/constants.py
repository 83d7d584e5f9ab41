"""
Facts the plugin ships: which NetBox models are configuration items (CIs), and where their common columns come from.
"""

# label -> declaration; see ci_types.CIType for what each key means.
CI_TYPES = {
    'dcim.device': {
        'name': 'name', 'site': 'site', 'tenant': 'tenant', 'role': 'role', 'status': 'status', 'icon': 'server',
    },
    'dcim.rack': {
        'name': 'name', 'site': 'site', 'tenant': 'tenant', 'status': 'status', 'icon': 'door-sliding',
    },
    'dcim.site': {
        'name': 'name', 'site': 'self', 'tenant': 'tenant', 'status': 'status', 'icon': 'domain',
    },
    'virtualization.virtualmachine': {
        'name': 'name', 'site': 'site', 'tenant': 'tenant', 'role': 'role', 'status': 'status', 'icon': 'monitor',
    },
    'virtualization.cluster': {
        'name': 'name', 'site': '_site', 'tenant': 'tenant', 'status': 'status', 'icon': 'server-network',
    },
    'ipam.service': {
        'name': 'name', 'site': 'parent.site', 'tenant': 'parent.tenant', 'icon': 'application-outline',
        'parents': ('dcim.device', 'virtualization.virtualmachine'),
    },
    'circuits.circuit': {
        'name': 'cid', 'site': 'termination_a._site', 'tenant': 'tenant', 'status': 'status',
        'icon': 'transit-connection-variant',
    },
    'netbox_ims.businessfunction': {'name': 'name', 'icon': 'briefcase-outline'},
    'netbox_ims.itservice': {'name': 'name', 'status': 'status', 'icon': 'layers-triple-outline'},
    'netbox_ims.informationasset': {'name': 'name', 'status': 'status', 'icon': 'database'},
}

# Flags of an asset profile: three states, where None is "nobody has said" and never counts as "no".
FLAGS = ('is_information_asset', 'handles_sensitive_data', 'processes_personal_data')
RATINGS = ('confidentiality', 'integrity', 'availability')

# What a Decision records when it changes on an asset profile (design: "every assessment").
ASSESSED_FIELDS = (
    'classification', *RATINGS, *FLAGS, 'data_categories', 'rto_minutes', 'rpo_minutes', 'asset_owner',
    'last_reviewed', 'review_due', 'classification_override', 'override_justification',
)
