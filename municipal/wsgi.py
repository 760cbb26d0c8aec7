"""The door for a WSGI server; it stays shut until the checks hold (WSGIの入口)."""

import os

from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "municipal.settings")
application: WSGIHandler = get_wsgi_application()
# Served without a wall, or with a search that finds nobody, is worse than not served.
call_command("check", databases=["default"])
