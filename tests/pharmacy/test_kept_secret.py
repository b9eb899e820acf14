"""The secret that a first start makes."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pharmacy.settings import _kept_secret


def test_all_who_start_at_once_get_one_secret(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    with ThreadPoolExecutor(16) as together:
        told = set(together.map(_kept_secret, [path] * 64))
    assert [len(secret) for secret in told] == [67]
    assert [item.name for item in tmp_path.iterdir()] == ["secret_key"]
    assert path.stat().st_mode & 0o077 == 0
