"""How gunicorn serves the pages. Found by gunicorn because it lies where it is started."""

import os

from django.conf import settings

from pharmacy.log_lines import logging_config

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pharmacy.settings")

bind = [f"{settings.BIND_ADDRESS}:{settings.PORT}"]
workers = settings.WEB_WORKERS
threads = settings.WEB_THREADS
worker_class = "gthread"
preload_app = (
    True  # read the code once for all workers; nothing opens a connection while it is read
)
timeout = 30
graceful_timeout = 10
max_requests = 10_000
max_requests_jitter = 1_000
accesslog = None  # a request's path may hold a patient's link token
logconfig_dict = logging_config(settings.LOG_LEVEL)
