"""Redis as the shared cache, and no page lost when it is down.

The cache holds counters of attempts and nothing that cannot be computed again. While Redis is away a key reads as
missing and a write is dropped, with a line in the log: the forms keep answering.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def _or_else(fallback: Callable[[], Any], operation: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(operation)
    def forgiving(client: RedisCacheClient, *args: Any, **kwargs: Any) -> Any:
        try:
            return operation(client, *args, **kwargs)
        except RedisError as error:
            logger.warning("The cache did not answer: %s", type(error).__name__)
            return fallback()

    return forgiving


class ForgivingRedisClient(RedisCacheClient):
    """Django's client; each operation answers as an empty cache would when Redis does not."""

    add = _or_else(lambda: True, RedisCacheClient.add)
    set = _or_else(lambda: None, RedisCacheClient.set)
    touch = _or_else(lambda: False, RedisCacheClient.touch)
    delete = _or_else(lambda: False, RedisCacheClient.delete)
    get_many = _or_else(dict, RedisCacheClient.get_many)
    has_key = _or_else(lambda: False, RedisCacheClient.has_key)
    incr = _or_else(lambda: 1, RedisCacheClient.incr)
    set_many = _or_else(lambda: None, RedisCacheClient.set_many)
    delete_many = _or_else(lambda: None, RedisCacheClient.delete_many)

    def get(self, key: Any, default: Any) -> Any:
        """Return what is kept under the key, or the default."""
        found = _or_else(lambda: default, RedisCacheClient.get)
        return found(self, key, default)


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache over the forgiving client."""

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ForgivingRedisClient
