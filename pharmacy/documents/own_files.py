"""Where WeasyPrint may read: two folders of static files, under one address that exists nowhere. Worker only."""

import base64
import mimetypes
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

STATIC = Path(settings.BASE_DIR) / "static"
ADDRESS = "https://papers.invalid/static/"
FOLDERS = ("documents", "fonts")
PHOTO = "data:image/jpeg;base64,"
"""What a photograph in a paper begins with: it comes with the paper, from no address."""


class NotOneOfOurFiles(FatalURLFetchingError):  # type: ignore[misc]  # WeasyPrint ships no types
    """A paper asked for a file outside of static/documents and static/fonts. Nothing is printed then."""


class OwnFiles(URLFetcher):  # type: ignore[misc]
    """Serves files of ours from disk and refuses every other address, also of this machine."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return the file at an address below ADDRESS, or a photograph of the paper; raises NotOneOfOurFiles."""
        if url.startswith(PHOTO):
            return URLFetcherResponse(
                url, base64.b64decode(url.removeprefix(PHOTO)), {"Content-Type": "image/jpeg"}
            )
        path = own_path(url)
        if path is None:
            raise NotOneOfOurFiles(urlsplit(url).scheme)
        content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": content_type})


def own_path(url: str) -> Path | None:
    """Return the file an address stands for, or None when it is not ours or does not exist."""
    if not url.startswith(ADDRESS):
        return None
    path = (STATIC / unquote(urlsplit(url.removeprefix(ADDRESS)).path)).resolve()
    inside = any(path.is_relative_to((STATIC / folder).resolve()) for folder in FOLDERS)
    return path if inside and path.is_file() else None
