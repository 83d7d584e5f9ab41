"""The archive of a baseline, as a file of its own: a million rows fit on a disk better than in memory."""
from functools import partial
from tempfile import TemporaryFile

from ..exports.baselines import write_archive
from ..rules.canonical import canonical
from .baselines import SEALED_COLUMNS, sealed_header, sealed_rows

__all__ = ('archive_of',)


def archive_of(baseline):
    """A file, open for reading, that is gone when it is closed."""
    file = TemporaryFile()
    write_archive(
        file, canonical(sealed_header(baseline)), baseline.sha256, baseline.rows_sha256,
        partial(sealed_rows, baseline), list(SEALED_COLUMNS)
    )
    file.seek(0)
    return file
