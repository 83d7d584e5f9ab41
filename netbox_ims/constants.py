"""
Facts the plugin ships: which NetBox models are configuration items (CIs), and where their common columns come from.
"""

# label -> declaration; see ci_types.CIType for what each key means.
CI_TYPES = {
    'dcim.device': {
        'name': 'name', 'site': 'site', 'tenant': 'tenant', 'role': 'role', 'status': 'status', 'icon': 'server',
        'configuration': (
            'device_type', 'platform', 'serial', 'status', 'site', 'location', 'rack', 'cluster', 'virtual_chassis',
        ),
    },
    'dcim.rack': {
        'name': 'name', 'site': 'site', 'tenant': 'tenant', 'status': 'status', 'icon': 'door-sliding',
        'configuration': ('rack_type', 'serial', 'status', 'site', 'location'),
    },
    'dcim.site': {
        'name': 'name', 'site': 'self', 'tenant': 'tenant', 'status': 'status', 'icon': 'domain',
        'configuration': ('status', 'physical_address'),
    },
    'virtualization.virtualmachine': {
        'name': 'name', 'site': 'site', 'tenant': 'tenant', 'role': 'role', 'status': 'status', 'icon': 'monitor',
        'configuration': ('platform', 'status', 'site', 'cluster', 'device', 'vcpus', 'memory', 'disk'),
    },
    'virtualization.cluster': {
        'name': 'name', 'site': '_site', 'tenant': 'tenant', 'status': 'status', 'icon': 'server-network',
        'configuration': ('type', 'status', '_site'),
    },
    'ipam.service': {
        'name': 'name', 'site': 'parent.site', 'tenant': 'parent.tenant', 'icon': 'application-outline',
        'parents': ('dcim.device', 'virtualization.virtualmachine'),
        'configuration': ('port_mappings', 'parent_object_type', 'parent_object_id'),
    },
    'circuits.circuit': {
        'name': 'cid', 'site': 'termination_a._site', 'tenant': 'tenant', 'status': 'status',
        'icon': 'transit-connection-variant',
        'configuration': ('provider', 'type', 'status', 'commit_rate', 'termination_a', 'termination_z'),
    },
    'netbox_ims.businessfunction': {'name': 'name', 'icon': 'briefcase-outline'},
    'netbox_ims.itservice': {
        'name': 'name', 'status': 'status', 'icon': 'layers-triple-outline', 'configuration': ('status',),
    },
    'netbox_ims.informationasset': {
        'name': 'name', 'status': 'status', 'icon': 'database', 'configuration': ('status',),
    },
}

# Flags of an asset profile: three states, where None is "nobody has said" and never counts as "no".
FLAGS = ('is_information_asset', 'handles_sensitive_data', 'processes_personal_data')
RATINGS = ('confidentiality', 'integrity', 'availability')

# What a Decision records when it changes on an asset profile (design: "every assessment").
ASSESSED_FIELDS = (
    'classification', *RATINGS, *FLAGS, 'data_categories', 'rto_minutes', 'rpo_minutes', 'asset_owner',
    'last_reviewed', 'review_due', 'classification_override', 'override_justification',
)

# What is evidence in a statement of applicability and its entries: frozen once approved, whatever path a change takes.
# Tags, custom fields and NetBox's own bookkeeping stay free.
STATEMENT_EVIDENCE = (
    'catalog', 'scope', 'version', 'edited_by', 'edited_on', 'submitted_by', 'submitted_on', 'approved_by',
    'approved_on', 'sha256', 'as_approved', 'description', 'comments',
)
# What whoever changes it of a statement, or of the scope of an open one, has edited the statement by
STATEMENT_CONTENT = ('catalog', 'scope', 'version', 'description', 'comments')
SCOPE_CONTENT = ('name', 'standard', 'statement', 'difference_explanation', 'description', 'comments')
ENTRY_EVIDENCE = (
    'statement', 'control', 'applicable', 'reasons', 'justification', 'implementation_status', 'implementation',
    'responsible', 'target_date', 'evidence_url', 'description', 'comments',
)
# What a continuity plan has to say (ISO 22301 8.4.4): its sections, in the order of a reader
PLAN_SECTIONS = (
    'purpose', 'roles', 'activation', 'procedures', 'communication', 'interdependencies', 'resources', 'reporting',
    'recovery',
)
PLAN_CONTENT = ('name', 'version', 'plan_type', 'parent', *PLAN_SECTIONS, 'description', 'comments')
PLAN_EVIDENCE = (*PLAN_CONTENT, 'edited_by', 'edited_on', 'approved_by', 'approved_on', 'sha256', 'as_approved')
# Of these people and contacts, a frozen row keeps the reference for as long as they exist; `as_approved`, their names.
EVIDENT_PEOPLE = ('edited_by', 'submitted_by', 'approved_by', 'responsible', 'requested_by', 'decided_by')
# What a new version copies forward, exports show and versions are compared by
ENTRY_CONTENT = (
    'applicable', 'reasons', 'justification', 'implementation_status', 'implementation', 'responsible', 'target_date',
    'evidence_url',
)

# What is evidence in a risk matrix: frozen once a risk is rated by it.
MATRIX_EVIDENCE = (
    'name', 'version', 'likelihood_scale', 'impact_scale', 'impact_dimensions', 'levels', 'acceptance_level', 'cells',
)
# What is evidence in the acceptance of a risk: frozen once it is decided.
ACCEPTANCE_EVIDENCE = (
    'risk', 'justification', 'valid_until', 'requested_by', 'requested_on', 'decided_by', 'decided_on', 'as_decided',
)
# What a Decision records when it changes on a risk; ratings and levels, of each of the three assessments.
RISK_ASSESSED = (
    'title', 'threat', 'vulnerability', 'matrix', 'status', 'treatment', 'risk_owner', 'review_due',
    *(
        f'{stage}_{part}' for stage in ('inherent', 'current', 'target') for part in ('likelihood', 'impacts', 'level')
    ),
    'above_acceptance', 'residual_explanation', 'reassess',
)
# What register entries refer to, and by which columns it is remembered what it was called (RegisterName).
NAMED = {
    'dcim.site': ('name', 'slug'),
    'dcim.devicerole': ('name', 'slug', 'color'),
    'tenancy.tenant': ('name', 'slug'),
    'tenancy.contact': ('name',),
    'netbox_ims.classification': ('name', 'slug', 'color', 'level'),
}
