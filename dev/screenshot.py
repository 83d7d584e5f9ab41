"""Screenshots of a running demo, together with what the browser complained about.

    dev/screenshot --port 8790 /plugins/ims/register/ register.png
    dev/screenshot --dark --full /dcim/devices/=devices.png /plugins/ims/risks/=risks.png      # one login for all

Exit code 1 if a page had console errors, or asked for something that failed.
"""
import argparse
import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
         '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage']


def arguments():
    parser = argparse.ArgumentParser(prog='dev/screenshot', description='Screenshots of pages of a running demo.')
    parser.add_argument('pages', nargs='+', metavar='PATH OUT.png | PATH=OUT.png')
    parser.add_argument('--port', type=int, default=8790)
    parser.add_argument('--user', default='admin', help="'' for no login")
    parser.add_argument('--password', default='admin')
    parser.add_argument('--dark', action='store_true')
    parser.add_argument('--full', action='store_true', help='the whole page, not just the window')
    parser.add_argument('--width', type=int, default=1440)
    parser.add_argument('--height', type=int, default=900)
    parser.add_argument('--wait', type=int, default=300, metavar='MS', help='let the page settle (default 300)')
    a = parser.parse_args()
    if len(a.pages) == 2 and not a.pages[1].startswith('/') and not is_pair(a.pages[0]):
        a.pages = [tuple(a.pages)]
    elif all(is_pair(p) for p in a.pages):
        a.pages = [tuple(p.rsplit('=', 1)) for p in a.pages]       # a query string may hold `=` as well
    else:
        parser.error('either PATH OUT.png, or any number of PATH=OUT.png')
    return a


def is_pair(text):
    return text.endswith('.png') and '=' in text


def browser_path():
    """The machine's own browser; None lets Playwright use the one that `playwright install` fetched."""
    names = [os.environ.get('IMS_CHROMIUM', ''), 'chromium', 'chromium-browser', 'google-chrome']
    return next((found for name in names if (found := shutil.which(name))), None)


def log_in(page, base, user, password):
    page.goto(f'{base}/login/')
    page.fill('input[name=username]', user)
    page.fill('input[name=password]', password)
    page.click('form button[type=submit]')
    page.wait_for_load_state()
    if '/login/' in page.url:
        sys.exit(f'dev/screenshot: {user} could not log in')


def main():
    a = arguments()
    base, here = f'http://127.0.0.1:{a.port}', Path(os.environ.get('IMS_CWD', ''))
    complaints, all_complaints = [], []
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=browser_path(), args=FLAGS)
        mode = 'dark' if a.dark else 'light'
        context = browser.new_context(viewport={'width': a.width, 'height': a.height}, color_scheme=mode)
        context.add_init_script(f"localStorage.setItem('netbox-color-mode', '{mode}')")
        page = context.new_page()
        page.on('console', lambda m: m.type == 'error' and complaints.append(f'console: {m.text}'))
        page.on('pageerror', lambda e: complaints.append(f'script: {e}'))
        page.on('response', lambda r: r.status >= 400 and complaints.append(f'{r.status}: {r.request.method} {r.url}'))
        page.on('requestfailed', lambda r: complaints.append(f'failed: {r.url} ({r.failure})'))
        try:
            if a.user:
                log_in(page, base, a.user, a.password)
            for path, out in a.pages:
                complaints.clear()
                response = page.goto(base + '/' + path.lstrip('/'))
                page.wait_for_load_state('networkidle')
                page.wait_for_timeout(a.wait)
                page.screenshot(path=here / out, full_page=a.full)
                print(f'{response.status} {page.title()} ({page.url.removeprefix(base)}) -> {out}')
                for complaint in complaints:
                    print(f'    {complaint}')
                all_complaints.extend(complaints)
        except Error as e:
            sys.exit(f'dev/screenshot: {e.message.splitlines()[0]}')
        finally:
            browser.close()
    sys.exit(1 if all_complaints else 0)


if __name__ == '__main__':
    main()
