"""Cheap password hashes for these tests: what is tried here is not how slow they are (試験の準備)."""

from collections.abc import Iterator
from typing import Any

import pytest

from municipal.identity.operations.signing_in import _hash_of_nobody


@pytest.fixture(autouse=True)
def cheap_hashes(settings: Any) -> Iterator[None]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    _hash_of_nobody.cache_clear()
    yield
    _hash_of_nobody.cache_clear()
