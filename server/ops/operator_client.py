"""A running office, as the command line of whoever runs it sees it: the REST API, and the key that opens it.

OperatorError              what went wrong, in one line for the operator
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from server.auth.console import console_token
from server.settings import Settings

TIMEOUT_S = 10.0


class OperatorError(Exception):
    """The office does not answer, or does not let this command in."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Either the office's secret key, or an operator's name and password. `source`: where the key was found."""

    key: str | None = None
    source: str = ""
    user: str | None = None
    password: str = ""


def credentials_of(settings: Settings) -> Credentials | None:
    """The key of the office whose settings these are; None: it cannot be read here."""
    if settings.secret_key:
        return Credentials(settings.secret_key, "the setting secret_key")
    path = settings.data_dir / "secret_key"
    try:
        return Credentials(path.read_text().strip(), str(path))
    except OSError:
        return None


def local_url(settings: Settings) -> str:
    """Where the office with these settings answers on this computer."""
    secure = settings.lan or settings.tls_cert is not None
    everywhere = settings.host in ("0.0.0.0", "::", "127.0.0.1", "::1")  # noqa: S104 - only compared with
    host = "localhost" if everywhere else settings.host
    return f"{'https' if secure else 'http'}://{host}:{settings.port}"


class OperatorClient:
    """One server. Use as an async context manager. Methods raise `OperatorError`."""

    def __init__(self, url: str, credentials: Credentials, *, insecure: bool = False) -> None:
        """`insecure`: take any certificate. One of this computer's own addresses needs none: nothing leaves it."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise OperatorError(f"{url!r} is not the address of a server; write it like http://localhost:8080")
        self.url = f"{parts.scheme}://{parts.netloc}"
        self._credentials = credentials
        self._verify = not (insecure or _is_loopback(parts.hostname or ""))
        self._http: aiohttp.ClientSession | None = None
        self._access = ""

    async def __aenter__(self) -> OperatorClient:
        self._http = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=TIMEOUT_S, sock_read=TIMEOUT_S),
            cookie_jar=aiohttp.DummyCookieJar(),
            connector=aiohttp.TCPConnector(ssl=self._verify),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._http is not None:
            await self._http.close()

    async def get(self, path: str) -> dict[str, Any]:
        """The JSON answer."""
        async with self.stream(path) as response:
            found: dict[str, Any] = await response.json()
            return found

    @asynccontextmanager
    async def stream(self, path: str, **parameters: str | int) -> AsyncIterator[aiohttp.ClientResponse]:
        """An answer whose body has not been read."""
        try:
            response = await self._ask(path, parameters)
            if response.status == 401 and self._credentials.user is not None:  # an access token lives for minutes
                self._access = ""
                response.release()
                response = await self._ask(path, parameters)
            async with response:
                if response.status >= 400:
                    raise OperatorError(await self._refusal(response))
                yield response
        except (aiohttp.ClientError, TimeoutError) as error:
            raise OperatorError(
                f"no server answers at {self.url} ({_reason(error)}). Is it running? Another address: --url"
            ) from None

    async def _ask(self, path: str, parameters: dict[str, str | int]) -> aiohttp.ClientResponse:
        token = self._access or await self._token()
        headers = {"Authorization": f"Bearer {token}"}
        return await self._client().get(self.url + path, headers=headers, params=parameters)

    async def _token(self) -> str:
        known = self._credentials
        if known.key is not None:
            return console_token(known.key, time.time())
        body = {"email": known.user, "password": known.password}
        async with self._client().post(f"{self.url}/api/auth/login", json=body) as response:
            if response.status >= 400:
                raise OperatorError(await self._refusal(response))
            self._access = str((await response.json())["access_token"])
            return self._access

    async def _refusal(self, response: aiohttp.ClientResponse) -> str:
        try:
            problem = await response.json(content_type=None)
            code, detail = str(problem["code"]), str(problem["detail"])
        except (ValueError, TypeError, KeyError, aiohttp.ClientError):
            return f"what answers at {self.url} is no Hallway server of this version ({response.status})"
        if code == "not_signed_in":
            where = self._credentials.source or "what was given"
            return (
                f"the server at {self.url} does not know the key in {where}: it is another office's. Name its data "
                "folder with --data, or sign in with --user"
            )
        if code == "operators_only":
            return f"{self._credentials.user} is no operator of this server (`hallway user make-admin` makes one)"
        return detail

    def _client(self) -> aiohttp.ClientSession:
        if self._http is None:
            raise RuntimeError("use OperatorClient as an async context manager")
        return self._http


def _reason(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return "nobody vouches for its certificate; if you do, say --insecure"
    if isinstance(error, aiohttp.ClientConnectorError):
        return error.os_error.strerror or "no connection"
    return str(error) or "it took too long"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
