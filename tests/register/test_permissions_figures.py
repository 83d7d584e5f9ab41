"""Every figure counts what its user may see, and leads to exactly the rows it counts."""
import re
from html.parser import HTMLParser
from uuid import uuid4

from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import reverse

from extras.models import Dashboard

from netbox_ims.dashboard import CoverageWidget
from tests import factories as make
from tests.base import count_rows

from .permissions import REGISTER, PermissionTestCase


class Links(HTMLParser):
    """Every link into the register on a page, with the whole numbers in its text."""

    def __init__(self, html):
        super().__init__()
        self.found, self.href, self.text = [], None, ''
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        href = dict(attrs).get('href') or ''
        if tag == 'a' and href.startswith(REGISTER):
            self.href, self.text = href, ''

    def handle_data(self, data):
        self.text += f' {data}'

    def handle_endtag(self, tag):
        if tag == 'a' and self.href:
            self.found.append((self.href, [int(number) for number in re.findall(r'\d+', self.text)]))
            self.href = None


class FiguresTestCase(PermissionTestCase):
    """Every figure equals the number of rows its link leads to, for whoever looks at it."""

    def look_as(self, user):
        self.client.force_login(user)
        self.counted = {}

    def rows_behind(self, href):
        if href not in self.counted:
            response = self.client.get(href)
            self.assertEqual(response.status_code, 200)
            self.counted[href] = count_rows(response)
        return self.counted[href]

    def check_figures(self, html, at_least):
        figures = [(href, numbers) for href, numbers in Links(html).found if numbers]
        self.assertGreaterEqual(len(figures), at_least)
        for href, numbers in figures:
            with self.subTest(href=href):
                self.assertEqual(set(numbers), {self.rows_behind(href)})

    def test_overview(self):
        for user, total in ((self.limited, 10), (self.root, 20)):
            self.look_as(user)
            for by in ('type', 'site', 'tenant'):
                with self.subTest(user=user.username, by=by):
                    response = self.client.get(reverse('plugins:netbox_ims:overview'), {'by': by})
                    self.assertEqual(response.context['coverage'].total.total, total)
                    self.check_figures(response.content.decode(), 25)

    def test_chips(self):
        for user in (self.limited, self.root):
            self.look_as(user)
            # They may come with the page, or by a request of their own that the page makes.
            html = self.client.get(REGISTER).content.decode()
            for url in re.findall(r'hx-get="(/plugins/ims/[^"]+)"', html):
                html += self.client.get(url.replace('&amp;', '&'), headers={'HX-Request': 'true'}).content.decode()
            with self.subTest(user=user.username):
                self.check_figures('\n'.join(re.findall(r'<a class="ims-chip".*?</a>', html, re.S)), 5)

    def test_figures_add_up(self):
        for user in (self.limited, self.root):
            self.look_as(user)
            for by in ('type', 'site', 'tenant'):
                coverage = self.client.get(reverse('plugins:netbox_ims:overview'), {'by': by}).context['coverage']
                self.assertEqual(sum(bar.figures.total for bar in coverage.bars), coverage.total.total)
                for bar in coverage.bars:
                    self.assertEqual(sum(segment['count'] for segment in bar.segments), bar.figures.total)

    def test_sites_and_tenants_of_others_are_not_named(self):
        for by, labels in (('site', {'berlin', 'None'}), ('tenant', {'berlin tenant', 'None'})):
            coverage = self.client.get(reverse('plugins:netbox_ims:overview'), {'by': by}).context['coverage']
            self.assertEqual({str(bar.label) for bar in coverage.bars}, labels)

    def test_dashboard_widget(self):
        for user in (self.limited, self.root):
            self.look_as(user)
            request = RequestFactory().get('/')
            request.user = user
            # "40 % 4 of 10 CIs classified": neither the share nor the whole is the figure
            html = re.sub(r'\d+ %|\bof \d+', '', CoverageWidget().render(request))
            with self.subTest(user=user.username):
                self.check_figures(html, 10)

    def test_dashboard_page(self):
        key = str(uuid4())
        Dashboard.objects.update_or_create(user=self.limited, defaults={
            'layout': [{'id': key, 'x': 0, 'y': 0, 'w': 6, 'h': 5}],
            'config': {key: {'class': 'netbox_ims.CoverageWidget', 'title': 'Coverage', 'color': 'blue', 'config': {}}},
        })
        response = self.client.get(reverse('home'))
        self.assertContains(response, '4 of 10 CIs classified')
        self.assertNothingOf('paris', response)

    def test_widget_without_permission(self):
        request = RequestFactory().get('/')
        for user in (make.make_user(), AnonymousUser()):
            request.user = user
            self.assertEqual(str(CoverageWidget().render(request)), 'No permission to view the register.')

    def test_nothing_visible(self):
        self.client.force_login(make.make_user('netbox_ims.view_registerentry'))
        self.assertContains(self.client.get(reverse('plugins:netbox_ims:overview')), 'No CIs to show')
        self.assertEqual(count_rows(self.client.get(REGISTER)), 0)
