"""Moments between transactions, as the database's clock has them."""
from django.db import connection

__all__ = ('clock', 'later')


def clock():
    with connection.cursor() as cursor:
        cursor.execute('SELECT clock_timestamp()')
        return cursor.fetchone()[0]


later = clock
