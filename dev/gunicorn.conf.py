"""The demo's web server."""
workers = 2
threads = 4
timeout = 120
graceful_timeout = 1
keepalive = 2
preload_app = True                  # importing NetBox takes seconds of one core: once is enough
control_socket_disable = True


def post_fork(server, worker):
    """A database connection opened while importing must not be shared between processes."""
    from django.db import connections
    for connection in connections.all(initialized_only=True):
        connection.close()
