"""Lists that go on for years: paged by the last row seen, so that nobody waits for a count."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.http import HttpRequest

OLDER_THAN = "older_than"


class KeysetChangeList(ChangeList):
    """The newest rows first, then those older than the last one shown. Nothing is ever counted."""

    older_than: int | None = None
    older_url: str = ""
    newest_url: str = ""

    def get_filters_params(self, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the parameters that filter, without the one that pages."""
        found: dict[str, Any] = super().get_filters_params(params)
        found.pop(OLDER_THAN, None)
        return found

    def get_ordering(self, request: HttpRequest, queryset: Any) -> list[Any]:
        """Return the one order that paging by the last row needs."""
        return ["-pk"]

    def get_results(self, request: HttpRequest) -> None:
        """Fetch one page and one row more, which says whether there are older ones."""
        asked = request.GET.get(OLDER_THAN)
        rows = self.queryset
        if asked is not None:
            if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
                raise IncorrectLookupParameters
            self.older_than = int(asked)
            rows = rows.filter(pk__lt=self.older_than)
        found = list(rows[: self.list_per_page + 1])
        self.result_list = found[: self.list_per_page]
        self.result_count = len(self.result_list)
        self.full_result_count = None
        self.show_full_result_count = False
        self.show_admin_actions = False
        self.can_show_all = self.multi_page = False
        if len(found) > self.list_per_page:
            self.older_url = self.get_query_string({OLDER_THAN: str(self.result_list[-1].pk)})
        if self.older_than is not None:
            self.newest_url = self.get_query_string(remove=[OLDER_THAN])

    def get_query_string(self, new_params: Any = None, remove: Any = None) -> str:
        """Return the address of this list with other parameters; what was searched for never stands in it."""
        kept = {
            key: value
            for key, value in self.filter_params.items()
            if key not in (SEARCH_VAR, OLDER_THAN)
        }
        for start in remove or ():
            kept = {key: value for key, value in kept.items() if not key.startswith(start)}
        for key, value in (new_params or {}).items():
            if value is None:
                kept.pop(key, None)
            else:
                kept[key] = value
        return f"?{urlencode(sorted(kept.items()), doseq=True)}"


class SearchOutOfAddress:
    """Keeps what was searched for in the session: a patient's name must not stand in an address or its log."""

    session_key: ClassVar[str] = "searched_for"

    def __init__(self, request: HttpRequest, model_name: str) -> None:
        self.session = request.session
        self.model_name = model_name

    def remember(self, typed: str) -> None:
        """Keep the words for this list, or forget them when there are none."""
        words = dict(self.session.get(self.session_key, {}))
        words.pop(self.model_name, None)
        if typed.strip():
            words[self.model_name] = typed.strip()[:200]
        self.session[self.session_key] = words

    def words(self) -> str:
        """Return what was last searched for in this list."""
        return str(self.session.get(self.session_key, {}).get(self.model_name, ""))
