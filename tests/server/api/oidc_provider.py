"""A small OpenID Connect provider, strict about what it is told; what it answers can be made wrong."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import jwt
from aiohttp import BasicAuth, web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID = "hallway client"
CLIENT_SECRET = "s3cret: with % and &"


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """`person`: the claims of who logs in there. `change_claims`, `sign`: hooks to forge the ID token with."""

    url: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, rsa.RSAPrivateKey] = field(default_factory=lambda: {"first": new_key()})
    discovery: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] | None = None
    in_token: Callable[[str], bool] = lambda name: True
    change_claims: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    sign: Callable[[Provider, dict[str, Any]], str] | None = None
    token_status: int = 200
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/.well-known/openid-configuration", self._discovery),
            web.get("/authorize", self._authorize),
            web.post("/token", self._token),
            web.get("/keys", self._jwks),
            web.get("/userinfo", self._userinfo),
        ]

    async def _discovery(self, request: web.Request) -> web.Response:
        self.requests.append("discovery")
        document = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "response_types_supported": ["code"],
        }
        return web.json_response(document | self.discovery)

    async def _authorize(self, request: web.Request) -> web.Response:
        query = dict(request.query)
        assert (query["response_type"], query["client_id"], query["code_challenge_method"]) == (
            "code",
            CLIENT_ID,
            "S256",
        )
        assert "openid" in query["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        back = {"code": code, "state": query["state"], "iss": self.url}
        raise web.HTTPFound(f"{query['redirect_uri']}?{urlencode(back)}")

    async def _token(self, request: web.Request) -> web.Response:
        self.requests.append("token")
        form = dict(await request.post())
        asked = self.codes.pop(str(form.get("code")), None)
        verifier = str(form.get("code_verifier", ""))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        given = BasicAuth.decode(request.headers.get("Authorization", "Basic Og=="))
        right = asked is not None and (
            form.get("redirect_uri") == asked["redirect_uri"]
            and challenge == asked["code_challenge"]
            and (given.login, given.password) == ("hallway%20client", "s3cret%3A%20with%20%25%20and%20%26")
        )
        if not right or asked is None or self.token_status != 200:
            return web.json_response({"error": "invalid_grant"}, status=self.token_status if right else 400)
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT_ID, "exp": now + 60, "iat": now, "nonce": asked["nonce"]}
        claims |= {name: value for name, value in self.person.items() if name == "sub" or self.in_token(name)}
        token = (self.sign or Provider.signed)(self, self.change_claims(claims))
        return web.json_response({"access_token": "opaque", "token_type": "Bearer", "id_token": token})

    async def _jwks(self, request: web.Request) -> web.Response:
        self.requests.append("keys")
        entries = [
            json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key())) | {"kid": kid, "use": "sig"}
            for kid, key in self.keys.items()
        ]
        return web.json_response({"keys": entries})

    async def _userinfo(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer opaque"
        return web.json_response(self.person if self.userinfo is None else self.userinfo)

    def signed(self, claims: dict[str, Any], *, kid: str | None = None, key: Any = None) -> str:
        kid = kid or next(iter(self.keys))
        return jwt.encode(claims, key or self.keys[kid], algorithm="RS256", headers={"kid": kid})


@asynccontextmanager
async def running_provider() -> AsyncIterator[Provider]:
    provider, app = Provider(), web.Application()
    app.add_routes(provider.routes())
    server: TestServer[web.Request] = TestServer(app)
    await server.start_server()
    provider.url = str(server.make_url("")).rstrip("/")
    try:
        yield provider
    finally:
        await server.close()
