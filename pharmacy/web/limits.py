"""How often one address may send a form: counted in the cache that all processes share."""

import hashlib

from axes.helpers import get_client_ip_address
from django.core.cache import cache
from django.http import HttpRequest


def is_over_limit(request: HttpRequest, *, form: str, at_most: int, seconds: int) -> bool:
    """Count this attempt, and say whether the caller has now sent this form more than `at_most` times.

    The count begins with the first attempt and is forgotten `seconds` later. The address itself is not kept.
    """
    caller = hashlib.sha256(str(get_client_ip_address(request)).encode()).hexdigest()[:32]
    key = f"limit:{form}:{caller}"
    if cache.add(key, 1, timeout=seconds):
        return at_most < 1
    try:
        return cache.incr(key) > at_most
    except ValueError:
        # The count ran out between the two lines: this attempt is the first of a new one.
        cache.set(key, 1, timeout=seconds)
        return at_most < 1
