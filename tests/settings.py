"""The pharmacy's settings, as the tests want them: a folder of its own, quick hashes, files where they lie."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="pharmacy-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["VAR_DIR"] = _folder
os.environ["SETTINGS_FILE"] = os.devnull
os.environ.setdefault("LOG_LEVEL", "WARNING")

from pharmacy.settings import *  # noqa: E402, F403
from pharmacy.settings import (  # noqa: E402
    DATABASE_IS_SQLITE,
    DATABASES,
    INSTALLED_APPS,
    STATIC_ROOT,
    STORAGES,
    VAR_DIR,
)

# Brings its own `flush`, which puts the database back as the migrations left it.
INSTALLED_APPS = [*INSTALLED_APPS, "tests.infrastructure"]

DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASE_IS_SQLITE:
    # A file, so that threads and processes of a test meet in the same database, as they do in the pharmacy.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    )

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns when it is not there
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
