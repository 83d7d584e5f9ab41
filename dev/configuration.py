"""NetBox's configuration in the demo, the tests and the bench. Whatever varies comes from dev/launcher."""
import os

_env = os.environ
_testing = bool(_env.get('IMS_TESTING'))

ALLOWED_HOSTS = ['*']
PLUGINS = [name for name in _env.get('IMS_PLUGINS', 'netbox_ims').split(',') if name]
DATABASES = {
    'default': {
        'NAME': _env['IMS_DB'],
        'USER': 'postgres',
        'PASSWORD': _env['IMS_PGPASSWORD'],
        'HOST': '127.0.0.1',
        'PORT': _env['IMS_PGPORT'],
        'CONN_MAX_AGE': 0 if _testing else 300,
        'TEST': {
            'NAME': 'test_netbox',
            'TEMPLATE': _env.get('IMS_TEMPLATE') or None,       # migrating an empty database takes minutes
        },
    },
}
if 'netbox_branching' in PLUGINS:
    from netbox_branching.utilities import DynamicSchemaDict

    DATABASES = DynamicSchemaDict(DATABASES)
    DATABASE_ROUTERS = ['netbox_branching.database.BranchAwareRouter']

_redis = {'HOST': '127.0.0.1', 'PORT': int(_env['IMS_REDISPORT']), 'PASSWORD': _env['IMS_REDISPASSWORD']}
REDIS = {
    'tasks': {**_redis, 'DATABASE': int(_env.get('IMS_REDISDB', 0))},
    'caching': {**_redis, 'DATABASE': int(_env.get('IMS_REDISDB', 0)) + 1},
}
SECRET_KEY = _env['IMS_SECRET']
API_TOKEN_PEPPERS = {1: _env['IMS_SECRET']}

DEBUG = False
DEVELOPER = True                    # allows makemigrations
ISOLATED_DEPLOYMENT = True          # no calls to the internet: release check, plugin catalogue
CENSUS_REPORTING_ENABLED = False

if _testing:
    DEFAULT_PERMISSIONS = {}        # NetBox's own ViewTestCases count on a user without any
    RQ = {'COMMIT_MODE': 'auto'}    # a test's transaction never commits, so its jobs would never be enqueued
    LOGGING = {'version': 1, 'disable_existing_loggers': True}
