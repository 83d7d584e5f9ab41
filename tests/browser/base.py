"""A real browser on a live server, for what people click."""
import os
import shutil
import unittest

from django.contrib.staticfiles.testing import StaticLiveServerTestCase
from django.core.management import call_command
from playwright.sync_api import sync_playwright

from users.models import User

BROWSERS = ('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable')
FLAGS = (
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
)

# NetBox's pages load some of their panels after they are shown, and what is below moves down: a click meant for a link
# that moves between pressing and releasing the button hits nothing (one in forty, measured). Playwright waits for what
# it is to click until that takes the pointer, so nothing does while a panel is on its way.
UNTIL_SETTLED = """
  (() => {
    let waiting = 1;
    const change = by => {
      waiting += by;
      document.documentElement.style.pointerEvents = waiting > 0 ? 'none' : '';
    };
    document.addEventListener('DOMContentLoaded', () => change(0));
    window.addEventListener('load', () => setTimeout(() => change(-1), 50));
    document.addEventListener('htmx:beforeSend', () => change(1));
    document.addEventListener('htmx:afterRequest', () => setTimeout(() => change(-1), 50));
  })();
"""


class BrowserTestCase(StaticLiveServerTestCase):
    """
    Drives the machine's own Chromium. Where there is none the tests say so and are skipped; with IMS_BROWSER=required
    they fail instead. A console error or a failed request on any page fails the test.
    """

    @classmethod
    def setUpClass(cls):
        path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
        if path is None:
            if os.environ.get('IMS_BROWSER') == 'required':
                raise RuntimeError('IMS_BROWSER=required, but no Chromium was found on the PATH')
            raise unittest.SkipTest('no Chromium on the PATH (Debian, Ubuntu: apt install chromium)')
        # Playwright runs an event loop in this thread, where Django would refuse to use the database.
        os.environ.setdefault('DJANGO_ALLOW_ASYNC_UNSAFE', 'true')
        super().setUpClass()
        cls.playwright = sync_playwright().start()
        cls.addClassCleanup(cls.playwright.stop)
        cls.browser = cls.playwright.chromium.launch(executable_path=path, args=FLAGS)
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        call_command('ims_load', verbosity=0)
        self.admin = User.objects.create_superuser('admin', 'admin@example.com', 'admin')
        self.page = self.browser.new_context(viewport={'width': 1440, 'height': 900}).new_page()
        self.page.add_init_script(UNTIL_SETTLED)
        self.addCleanup(self.page.context.close)
        self.problems = []
        self.page.on('console', lambda m: self.problems.append(m.text) if m.type == 'error' else None)
        self.page.on('response', lambda r: self.problems.append(f'{r.status} {r.url}') if r.status >= 400 else None)
        self.addCleanup(lambda: self.assertEqual(self.problems, []))
        self.log_in('admin')

    def log_in(self, name):
        self.open('/login/')
        self.page.fill('input[name=username]', name)
        self.page.fill('input[name=password]', name)
        self.page.click('button[type=submit]')
        self.page.wait_for_url(lambda url: '/login/' not in url)

    def open(self, path):
        self.page.goto(self.live_server_url + path)

    def pick(self, field, text):
        """Choose an option of one of NetBox's searchable selects."""
        field.click()
        self.page.locator(f'.ts-dropdown .option:has-text("{text}")').first.click()
