from django.utils.translation import gettext_lazy as _

from netbox.choices import ButtonColorChoices
from netbox.plugins import PluginMenu, PluginMenuButton, PluginMenuItem


def menu_item(model, label, buttons=('add', 'import')):
    """A model's list in the menu, with the buttons NetBox's own items have."""
    viewname = f'plugins:netbox_ims:{model}'
    known = {
        'add': PluginMenuButton(
            f'{viewname}_add', _('Add'), 'mdi mdi-plus-thick', ButtonColorChoices.GREEN, [f'netbox_ims.add_{model}']
        )
        if 'add' in buttons
        else None,
        'import': PluginMenuButton(
            f'{viewname}_bulk_import',
            _('Import'),
            'mdi mdi-upload',
            ButtonColorChoices.CYAN,
            [f'netbox_ims.add_{model}'],
        )
        if 'import' in buttons
        else None,
    }
    return PluginMenuItem(
        f'{viewname}_list', label, permissions=[f'netbox_ims.view_{model}'], buttons=[b for b in known.values() if b]
    )


menu = PluginMenu(
    label=_('IMS'),
    icon_class='mdi mdi-shield-check-outline',
    groups=(
        (_('Register'), (
            PluginMenuItem('plugins:netbox_ims:overview', _('Overview'), permissions=['netbox_ims.view_registerentry']),
            menu_item('registerentry', _('Register'), buttons=()),
            PluginMenuItem(
                'plugins:netbox_ims:registerentry_compare', _('What Changed'),
                permissions=['netbox_ims.view_registerentry'],
            ),
            menu_item('informationasset', _('Information Assets')),
        )),
        (_('Assessment'), (
            menu_item('assetprofile', _('Asset Profiles')),
            menu_item('classification', _('Classifications')),
            menu_item('classificationrule', _('Classification Rules')),
            PluginMenuItem(
                'plugins:netbox_ims:registerentry_suggestions', _('Suggestions'),
                permissions=['netbox_ims.view_registerentry', 'netbox_ims.view_classificationrule'],
            ),
        )),
        (_('Services'), (
            menu_item('businessfunction', _('Business Functions')),
            menu_item('itservice', _('IT Services')),
            menu_item('dependency', _('Dependencies')),
            PluginMenuItem(
                'plugins:netbox_ims:alignment_list', _('Alignment'),
                permissions=['netbox_ims.view_registerentry', 'netbox_ims.view_dependency'],
            ),
            PluginMenuItem(
                'plugins:netbox_ims:what_if', _('What-if'), permissions=['netbox_ims.view_registerentry'],
            ),
        )),
        (_('Continuity'), (
            menu_item('businessimpactanalysis', _('Impact Analyses')),
            menu_item('continuityplan', _('Plans')),
            menu_item('continuitytest', _('Tests')),
            menu_item('continuitytestsubject', _('Tested CIs')),
        )),
        (_('Controls'), (
            menu_item('statementofapplicability', _('Statements')),
            menu_item('soaentry', _('SoA Entries'), buttons=()),
            menu_item('control', _('Controls')),
            menu_item('controlassignment', _('Assignments')),
            menu_item('scope', _('Scopes')),
        )),
        (_('Risk'), (
            menu_item('risk', _('Risks')),
            PluginMenuItem('plugins:netbox_ims:risk_heat_map', _('Heat Map'), permissions=['netbox_ims.view_risk']),
            menu_item('risktreatment', _('Treatments')),
            menu_item('riskacceptance', _('Acceptances')),
            menu_item('riskassignment', _('Affected CIs')),
            menu_item('riskmatrix', _('Risk Matrices')),
        )),
        (_('Standards'), (
            menu_item('standard', _('Standards')),
            menu_item('clause', _('Clauses')),
            menu_item('controlcatalog', _('Control Catalogs')),
        )),
        (_('Evidence'), (
            menu_item('baseline', _('Baselines'), buttons=('add',)),
            menu_item('decision', _('Decisions'), buttons=()),
            menu_item('retiredci', _('Retired CIs'), buttons=()),
        )),
    ),
)
