"""The shared cache on Redis, and what it answers while Redis is away."""

import pytest

from pharmacy.redis_cache import ForgivingRedisCache
from script.processes import PrivateRedis


@pytest.fixture
def cache(redis_server: PrivateRedis) -> ForgivingRedisCache:
    options = {"socket_connect_timeout": 0.3, "socket_timeout": 0.5}
    return ForgivingRedisCache(redis_server.url, {"OPTIONS": options})


def test_it_is_a_cache(cache: ForgivingRedisCache) -> None:
    assert cache.add("tries", 1)
    assert not cache.add("tries", 1)
    assert cache.incr("tries") == 2
    cache.set_many({"a": 1, "b": 2})
    assert cache.get_many(["a", "b", "c"]) == {"a": 1, "b": 2}
    assert cache.delete("a")
    assert cache.get("a", "gone") == "gone"


def test_while_redis_is_away_it_is_an_empty_one(
    cache: ForgivingRedisCache, redis_server: PrivateRedis
) -> None:
    cache.set("tries", 4)
    redis_server.kill()
    assert cache.get("tries") is None
    assert cache.get("tries", 0) == 0
    assert cache.add("tries", 1)
    assert cache.incr("tries") == 1
    assert cache.get_many(["tries"]) == {}
    assert not cache.has_key("tries")
    cache.set("tries", 1)
    assert not cache.delete("tries")


def test_when_redis_is_back_it_is_used_again(
    cache: ForgivingRedisCache, redis_server: PrivateRedis
) -> None:
    redis_server.kill()
    cache.set("tries", 1)
    redis_server.start()
    cache.set("tries", 2)
    assert cache.get("tries") == 2


def test_a_mistake_of_ours_is_not_forgiven(cache: ForgivingRedisCache) -> None:
    with pytest.raises(ValueError, match="not found"):
        cache.incr("never-set")
