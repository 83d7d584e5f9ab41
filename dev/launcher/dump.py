"""Loads a plain-SQL dump, however it was made, without psql: the embedded PostgreSQL has none."""
import gzip
import re
import zlib
from pathlib import Path

from .output import Problem
from .sqltext import CutOff, statements

BATCH = 64 * 1024
COPY_CHUNK = 1024 * 1024

# What only makes sense on the server the dump was made on: its roles and rights, its databases, what was there before.
FOREIGN = re.compile(rb'''
    GRANT\b | REVOKE\b | DROP\b | SECURITY\s+LABEL\b | BEGIN\b | COMMIT\b | END\b | START\s+TRANSACTION\b
  | ALTER\s+DEFAULT\s+PRIVILEGES\b
  | (?:CREATE|ALTER)\s+(?:DATABASE|ROLE|USER|GROUP|TABLESPACE|PUBLICATION|SUBSCRIPTION|EVENT\s+TRIGGER)\b
  | CREATE\s+SCHEMA\s+(?:IF\s+NOT\s+EXISTS\s+)?"?public"?\s*;
  | COMMENT\s+ON\s+(?:SCHEMA\s+public|EXTENSION|DATABASE)\b
  | ALTER\s[^;]*\sOWNER\s+TO\s[^;]*;\s*\Z
  | ALTER\s+TABLE\b[^;]*\sDROP\s+CONSTRAINT\b
  | SET\s+(?:SESSION|ROLE|LOCAL|default_tablespace)\b
''', re.I | re.X)
SETTING = re.compile(rb'SET\s+"?([a-z_]+)"?\s*(?:=|\sTO\b)', re.I)
EXTENSION = re.compile(rb'CREATE\s+EXTENSION\s+(?:IF\s+NOT\s+EXISTS\s+)?"?([\w-]+)"?', re.I)


def opened(path):
    with open(path, 'rb') as f:
        zipped = f.read(2) == b'\x1f\x8b'
    return gzip.open(path) if zipped else open(path, 'rb')


def look_at(path):
    """Refuse at once what cannot be a dump, in words that tell what to do."""
    name = Path(path).name
    if not Path(path).is_file():
        raise Problem(f'There is no such file: {path}.')
    try:
        with opened(path) as f:
            head = f.read(65536)
    except (OSError, EOFError, zlib.error) as e:
        raise Problem(f'Cannot read {name}: {getattr(e, "strerror", None) or e}.') from None
    if head.startswith(b'PGDMP'):
        raise Problem(f"{name} is in pg_dump's custom format. Make it plain SQL: "
                      f'pg_restore --no-owner -f dump.sql {name}')
    if b'\0' in head:
        raise Problem(f'{name} is no plain-SQL dump: it holds binary data. Make one with pg_dump --no-owner.')
    if not head.strip():
        raise Problem(f'{name} is empty.')


def load(connection, path):
    """Execute the dump on an empty database."""
    name = Path(path).name
    try:
        with opened(path) as f:
            Loader(connection, name).load(f)
    except (EOFError, zlib.error, gzip.BadGzipFile) as e:
        raise Problem(f'{name} is damaged: {e}.') from None
    except CutOff as e:
        raise Problem(f'{name} is no complete dump: it ends within what begins in line {e}.') from None


class Loader:
    def __init__(self, connection, name):
        connection.autocommit = True        # a failed load is dropped whole; a transaction would need a lock per table
        self.connection, self.name = connection, name
        rows = connection.execute('select name from pg_settings').fetchall()
        self.settings = {r[0].lower() for r in rows}
        rows = connection.execute('select name from pg_available_extensions').fetchall()
        self.extensions = {r[0] for r in rows}
        self.batch, self.size = [], 0

    def load(self, lines):
        for number, statement, data in statements(lines):
            if data is not None:
                self.flush()
                self.copy(number, statement, data)
            elif self.wanted(statement):
                self.batch.append((number, statement))
                self.size += len(statement)
                if self.size > BATCH:
                    self.flush()
        self.flush()

    def wanted(self, statement):
        if FOREIGN.match(statement):
            return False
        if found := SETTING.match(statement):
            return found[1].decode().lower() in self.settings     # a newer pg_dump sets what this server does not know
        if found := EXTENSION.match(statement):
            return found[1].decode() in self.extensions
        return True

    def flush(self):
        batch, self.batch, self.size = self.batch, [], 0
        if batch:
            self.attempt(batch[0][0], lambda: self.connection.execute(b'\n'.join(s for _, s in batch)))

    def copy(self, number, statement, data):
        def transfer():
            with self.connection.cursor().copy(statement) as copy:
                chunk, size = [], 0
                for line in data:
                    chunk.append(line)
                    size += len(line)
                    if size > COPY_CHUNK:
                        copy.write(b''.join(chunk))
                        chunk, size = [], 0
                copy.write(b''.join(chunk))
        self.attempt(number, transfer)

    def attempt(self, number, action):
        import psycopg
        try:
            action()
        except (psycopg.DataError, psycopg.ProgrammingError, psycopg.IntegrityError, psycopg.NotSupportedError,
                psycopg.InternalError) as e:
            why = e.diag.message_primary or str(e).splitlines()[0]
            raise Problem(f'{self.name} cannot be loaded: {why} (line {number} or after). Is it a plain-SQL dump of a '
                          'NetBox database, made with pg_dump --no-owner?') from None
