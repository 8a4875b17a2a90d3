"""The WSGI entry of the web server."""

import os

from django.core.wsgi import get_wsgi_application

from hutong.config import logs
from hutong.config.orphans import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hutong.config.settings")
logs.configure()
application = get_wsgi_application()
if os.environ.get("HUTONG_END_WITH_PARENT") == "True":
    end_with_parent()
