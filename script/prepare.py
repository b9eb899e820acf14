"""Brings the database and the static files up to date: migrations, cache table, demo data, proposals, static files.

Called by script/run before anything is started. With nothing to do it takes about as long as Django takes to start.
"""

import argparse
import hashlib
import io
import os
import sys

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import SystemCheckError


def static_files_fingerprint() -> str:
    """Return a digest of the name, size and time of every static file, of ours and of the packages."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = os.stat(storage.path(name))
            digest.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static_files() -> None:
    """Collect the static files if any has changed since the last time."""
    stamp = settings.VAR_DIR / "static.stamp"
    wanted = static_files_fingerprint()
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted, encoding="ascii")


def main() -> None:
    """Do what is needed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", action="store_true", help="add the demo pharmacy's data")
    arguments = parser.parse_args()
    django.setup()
    try:
        call_command("check", stdout=io.StringIO())
    except SystemCheckError as error:
        sys.exit(str(error))
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    if arguments.demo and "seed_demo" in get_commands():
        call_command("seed_demo")
    call_command("furnish")
    collect_static_files()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pharmacy.settings")
    main()
