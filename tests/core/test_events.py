"""The plugin's events, where people choose what an event rule reacts to."""
from django.test import TestCase

from core.models import ObjectType
from extras.forms import EventRuleBulkEditForm, EventRuleForm, EventRuleImportForm
from extras.models import EventRule, NotificationGroup
from netbox.events import get_event_type_choices
from users.models import User

from netbox_ims.events import STATEMENT_APPROVED, TEST_OVERDUE
from netbox_ims.models import StatementOfApplicability


class EventRuleTestCase(TestCase):

    def test_every_form_offers_them(self):
        offered = {name for name, _label in get_event_type_choices()}
        self.assertLessEqual({STATEMENT_APPROVED, TEST_OVERDUE, 'object_created'}, offered)
        for form in (EventRuleForm, EventRuleBulkEditForm, EventRuleImportForm):
            with self.subTest(form.__name__):
                self.assertEqual({name for name, _label in form().fields['event_types'].choices}, offered)

    def test_a_rule_is_made_on_the_page(self):
        self.client.force_login(User.objects.create_superuser('admin', 'admin@example.com', 'admin'))
        group = NotificationGroup.objects.create(name='Auditors')
        response = self.client.post('/extras/event-rules/add/', {
            'name': 'Approved', 'enabled': 'on', 'event_types': [STATEMENT_APPROVED], 'action_type': 'notification',
            'object_types': [ObjectType.objects.get_for_model(StatementOfApplicability).pk], 'action_choice': group.pk,
        })
        self.assertEqual(response.status_code, 302)
        self.assertEqual(EventRule.objects.get().event_types, [STATEMENT_APPROVED])
