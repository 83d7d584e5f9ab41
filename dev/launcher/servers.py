"""PostgreSQL and Valkey for one demo, test run or bench run, and what one does with them.

    with Servers('bench', postgres={'shared_buffers': '1GB'}) as servers:
        servers.create('netbox')                        # a copy of the template: NetBox's own schema
        servers.netbox('migrate', '--no-input', db='netbox')
        servers.sql('select count(*) from dcim_device', 'netbox')
"""
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from . import processes
from .cluster import FAST, SAFE, Cluster, wait_for_postgres
from .output import Interrupted, Problem, say
from .postgres import find_postgres
from .state import ROOT, State
from .valkey import start_valkey, wait_for_valkey


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


class Servers:
    """The servers of one state directory. `postgres` overrides single server settings.

    `keep`: the data is somebody's. Otherwise the job queue is emptied, and a database that does not start is made anew.
    """

    def __init__(self, name, *, postgres=None, keep=False, kind='command'):
        self.state = name if isinstance(name, State) else State(name)
        self.options = {**(SAFE if keep else FAST), **(postgres or {})}
        self.keep, self.kind = keep, kind
        self.children = []                  # [(name, Popen)], in the order of their start
        self.ours = True
        self.facts = {}                     # what others need to know about us: goes into the record

    @classmethod
    def of_running(cls, state):
        """The servers that another launcher runs: to be used, never to be stopped."""
        servers = cls(state)
        servers.facts = {k: state.record[k] for k in ('pgport', 'redisport')}
        servers.ours = False
        return servers

    # -- life

    def start(self):
        if not self.state.acquire():
            raise Problem(f'{self.state.dir} is in use by process {self.state.launcher_pid}.')
        try:
            reap_leftovers(self.state)
            self.record()
            self.start_postgres()
            self.start_valkey()
        except BaseException:
            self.stop()
            raise
        return self

    def start_postgres(self):
        cluster = Cluster(self.state, find_postgres())
        why = self.try_postgres(cluster)
        if why and not self.keep:           # nothing of value, and run without fsync a power cut leaves a wreck
            say(f'making a new database cluster: {why}')
            cluster.throw_away()
            why = self.try_postgres(cluster)
        if why:
            raise Problem(f'PostgreSQL does not start: {why}. If its data in {cluster.dir} is damaged, dev/demo --port '
                          f'{self.state.name} --reset starts over. Log: {cluster.log}')
        say(f'PostgreSQL {cluster.major} is up ({cluster.home})')

    def try_postgres(self, cluster):
        """None if it is up, else why not."""
        cluster.make(self.state.settings['pgpassword'])
        for _attempt in range(20):
            port = self.facts['pgport'] = free_port()
            process = self.adopt('postgres', cluster.start(port, self.options))
            if not (why := wait_for_postgres(self.connect, process, cluster)):
                return None
            self.end_last()
            if 'could not create any TCP' not in why and 'could not bind' not in why and 'still in use' not in why:
                break                       # else somebody took the port first, or an earlier server is not quite gone
            time.sleep(0.5)
        return why

    def start_valkey(self):
        password = self.state.settings['redispassword']
        for attempt in range(3):
            port = self.facts['redisport'] = free_port()
            process = self.adopt('valkey', start_valkey(self.state, port, password, self.keep))
            try:
                wait_for_valkey(process, port, password, self.state.log('valkey'))
                return
            except Problem:
                self.end_last()
                if attempt == 2:
                    raise

    def adopt(self, name, process):
        """Make a child ours: written down at once, so that even if we are killed the next launcher finds it."""
        self.children.append((name, process))
        self.record()
        return process

    def end_last(self):
        name, process = self.children[-1]
        processes.end(process, POLITE.get(name, signal.SIGTERM))
        self.children.pop()

    def record(self, **facts):
        self.facts.update(facts)
        children = [[name, *processes.identity(p.pid)] for name, p in self.children]
        self.state.write_record(kind=self.kind, children=children, **self.facts)

    def dead(self):
        """The children that ended although nobody asked them to: [(name, how)]."""
        return [(name, how_it_ended(p.returncode)) for name, p in self.children if p.poll() is not None]

    def stop(self):
        for name, process in self.children:         # those that use the databases may all end at the same time
            if name not in ('postgres', 'valkey') and process.poll() is None:
                process.terminate()
        while self.children:
            self.end_last()
        self.state.clear_record()
        self.state.release()

    def __enter__(self):
        return self.start()

    def __exit__(self, *exc):
        with uninterrupted():
            self.stop()

    # -- use

    def dsn(self, db):
        password = self.state.settings['pgpassword']
        return (f'host=127.0.0.1 port={self.facts["pgport"]} user=postgres password={password} dbname={db} '
                'connect_timeout=10')

    def connect(self, db='postgres', **kwargs):
        import psycopg
        return psycopg.connect(self.dsn(db), **kwargs)

    def sql(self, query, db='postgres', params=None):
        """Run one statement in autocommit; the rows, if it has any."""
        with self.connect(db, autocommit=True) as connection:
            cursor = connection.execute(query, params)
            return cursor.fetchall() if cursor.description else []

    def exists(self, db):
        return bool(self.sql('select 1 from pg_database where datname = %s', params=[db]))

    def drop(self, db):
        self.sql(f'drop database if exists "{db}" with (force)')

    def create(self, db, template=None):
        """A new database, a copy of the template unless told otherwise. Replaces one of the same name."""
        template = template or self.template()
        self.drop(db)
        self.sql(f'create database "{db}" template "{template}" strategy file_copy')

    def template(self):
        from .template import template
        return template(self)

    def env(self, db, **extra):
        """The environment in which `netbox`, or a script that calls django.setup(), works on a database of ours."""
        settings = self.state.settings
        env = {
            **os.environ,
            'NETBOX_ROOT': str(self.state.dir / 'netbox'),
            'NETBOX_CONFIGURATION': 'configuration',
            'DJANGO_SETTINGS_MODULE': 'netbox.settings',
            'PYTHONPATH': os.pathsep.join([str(ROOT / 'dev'), str(ROOT)]),
            'IMS_DB': db,
            'IMS_PGPORT': str(self.facts['pgport']),
            'IMS_PGPASSWORD': settings['pgpassword'],
            'IMS_REDISPORT': str(self.facts['redisport']),
            'IMS_REDISPASSWORD': settings['redispassword'],
            'IMS_SECRET': settings['secret'],
            **extra,
        }
        if sys.platform == 'darwin':
            env['OBJC_DISABLE_INITIALIZE_FORK_SAFETY'] = 'YES'    # else a forked job dies of a look at the proxies
        for folder in ('media', 'reports', 'scripts'):
            Path(env['NETBOX_ROOT'], folder).mkdir(parents=True, exist_ok=True)
        return env

    def run(self, *command, db, log=None, tell=None, **extra):
        """Run a program to its end; its exit code. Output goes to `log`; standard output, by line, to `tell`."""
        with contextlib.ExitStack() as stack:
            out = stack.enter_context(open(log, 'ab')) if log else None
            process = subprocess.Popen([str(c) for c in command], env=self.env(db, **extra), cwd=ROOT, stderr=out,
                                       stdout=subprocess.PIPE if tell else out, text=True)
        if self.ours:
            self.adopt(Path(command[0]).name, process)
        try:
            for line in process.stdout if tell else ():
                tell(line.rstrip())
            return process.wait()
        finally:
            if self.ours:
                self.end_last()
            else:
                processes.end(process)

    def netbox(self, *args, db, check=True, log=None, **extra):
        """Run a `netbox` management command."""
        code = self.run(sys.executable, '-m', 'netbox', *args, db=db, log=log, **extra)
        if code and check:
            raise Problem(f'`netbox {" ".join(args)}` failed' + (f'; its output is in {log}' if log else ''))
        return code


POLITE = {'postgres': signal.SIGINT}        # for PostgreSQL, SIGTERM means to wait until every client has gone


def how_it_ended(code):
    return f'killed by signal {-code}' if code < 0 else f'exit code {code}'


def reap_leftovers(state):
    """End what a launcher that was killed left behind; how many there were."""
    children = state.record.get('children', [])
    return sum(processes.reap(child[1:], POLITE.get(child[0], signal.SIGTERM)) for child in reversed(children))


SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def interrupt(signum, frame):
    raise Interrupted(signum)


def catch_signals():
    for signum in SIGNALS:
        signal.signal(signum, interrupt)


@contextlib.contextmanager
def uninterrupted():
    """Cleaning up must not be cut short by a second Ctrl-C."""
    old = {signum: signal.signal(signum, signal.SIG_IGN) for signum in SIGNALS}
    try:
        yield
    finally:
        for signum, handler in old.items():
            signal.signal(signum, handler)
