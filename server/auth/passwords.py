"""Password hashing: argon2id, off the event loop; bcrypt hashes of imported users are accepted and replaced."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher
from pwdlib.hashers.bcrypt import BcryptHasher

from server.auth.errors import BusyError

T = TypeVar("T")

THREADS = 2  # each uses 64 MiB while it works
WAITING_LIMIT = 64  # about two seconds of work; beyond it people are told to come back instead of waiting for a timeout
BCRYPT_BYTES = 72  # bcrypt never looked further, and its library now refuses longer passwords instead of cutting them


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a password was right, and the hash to keep from now on if the old one is of an outdated kind."""

    right: bool
    new_hash: str | None = None


class _ImportedBcrypt(BcryptHasher):
    def verify(self, password: str | bytes, hash: str | bytes) -> bool:
        raw = password.encode() if isinstance(password, str) else password
        return super().verify(raw[:BCRYPT_BYTES], hash)


class Passwords:
    """Hashes and checks passwords. Raises `BusyError` when too many are waiting."""

    def __init__(self, *, time_cost: int = 3, memory_kib: int = 65536, lanes: int = 1) -> None:
        argon2 = Argon2Hasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=lanes)
        self._hasher = PasswordHash((argon2, _ImportedBcrypt()))
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="passwords")
        self._waiting = 0
        self._nobodys_hash: str | None = None

    async def hash(self, password: str) -> str:
        return await self._work(lambda: self._hasher.hash(password))

    async def verify(self, password: str, password_hash: str | None) -> Verdict:
        """Check a password. Without a hash (no such account) the answer is no, after as much work as otherwise."""
        return await self._work(lambda: self._verify(password, password_hash))

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _verify(self, password: str, password_hash: str | None) -> Verdict:
        if password_hash is None:
            if self._nobodys_hash is None:
                self._nobodys_hash = self._hasher.hash("nobody has this password")
            self._hasher.verify(password, self._nobodys_hash)
            return Verdict(False)
        try:
            return Verdict(*self._hasher.verify_and_update(password, password_hash))
        except UnknownHashError:
            return Verdict(False)

    async def _work(self, job: Callable[[], T]) -> T:
        if self._waiting >= WAITING_LIMIT:
            raise BusyError("too many passwords wait to be checked")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, job)
        finally:
            self._waiting -= 1
