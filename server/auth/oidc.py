"""Log-in with another provider: OpenID Connect by discovery, authorization code flow with PKCE, state and nonce.

Nothing here knows of accounts: it ends with what the provider vouches for. References: OpenID Connect Core 1.0 and
Discovery 1.0; RFC 7636 (PKCE), RFC 9207 (`iss` in the answer).
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import jwt
import msgspec
from aiohttp import ClientError, ClientSession, ClientTimeout, encode_basic_auth

from server.auth.errors import OidcError

SCOPE = "openid email profile"
# Signed with the provider's private key: an algorithm with a shared secret would let a public key be used as one.
ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"}
)
LEEWAY_S = 60
DOCUMENT_BYTES = 256 * 1024
TIMEOUT = ClientTimeout(total=10, connect=5)
KEEP_DISCOVERY_S = 3600.0
ASK_KEYS_AGAIN_S = 10.0
"""Least time between two looks at the provider's keys: a token with an unknown key must not make us a nuisance."""


class Provider(msgspec.Struct, frozen=True):
    """What discovery says, as far as it is used."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    id_token_signing_alg_values_supported: tuple[str, ...] = ("RS256",)
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


class Flow(msgspec.Struct, frozen=True):
    """What is remembered between the way to the provider and the way back."""

    nonce: str
    verifier: str
    redirect_uri: str

    @classmethod
    def begin(cls, redirect_uri: str) -> Flow:
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(48), redirect_uri)


@dataclass(frozen=True, slots=True)
class Vouched:
    """What the provider says about somebody. `email_verified` is true only if it says exactly that."""

    issuer: str
    subject: str
    email: str | None
    email_verified: bool
    names: tuple[str, ...]


class OidcClient:
    """Speaks to one provider. Methods raise `OidcError` with a code for the page."""

    def __init__(
        self, issuer: str, client_id: str, client_secret: str | None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._issuer = issuer
        self._client_id, self._client_secret = client_id, client_secret
        self._clock = clock
        self._lock = asyncio.Lock()
        self._provider: tuple[float, Provider] | None = None
        self._keys: tuple[float, jwt.PyJWKSet] | None = None

    async def authorization_url(self, flow: Flow, state: str) -> str:
        """Where the browser goes to log in."""
        provider = await self._discover()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(flow.verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": flow.redirect_uri,
            "scope": SCOPE,
            "state": state,
            "nonce": flow.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        joint = "&" if urlsplit(provider.authorization_endpoint).query else "?"
        return provider.authorization_endpoint + joint + urlencode(query)

    async def finish(self, flow: Flow, code: str, iss: str | None) -> Vouched:
        """Exchange the code, and check everything about the token that comes for it."""
        provider = await self._discover()
        if iss != provider.issuer and (iss or provider.authorization_response_iss_parameter_supported):
            raise OidcError("oidc_invalid", f"the answer comes from {iss!r}, not from {provider.issuer!r}")
        async with ClientSession(timeout=TIMEOUT) as session:
            tokens = await self._exchange(session, provider, flow, code)
            claims = await self._verify(session, provider, str(tokens.get("id_token", "")), flow.nonce)
            if "email" not in claims and provider.userinfo_endpoint:
                claims = claims | await self._userinfo(session, provider, str(tokens.get("access_token", "")), claims)
        email = claims.get("email")
        named = (claims.get(name) for name in ("preferred_username", "name", "nickname", "given_name"))
        return Vouched(
            issuer=self._issuer,
            subject=claims["sub"],
            email=email if isinstance(email, str) and email else None,
            email_verified=claims.get("email_verified") is True,
            names=tuple(name for name in named if isinstance(name, str) and name),
        )

    async def _discover(self) -> Provider:
        async with self._lock:
            if self._provider and self._clock() - self._provider[0] < KEEP_DISCOVERY_S:
                return self._provider[1]
            async with ClientSession(timeout=TIMEOUT) as session:
                document = await _fetch(
                    session, "GET", f"{self._issuer.rstrip('/')}/.well-known/openid-configuration", "discovery"
                )
            try:
                provider = msgspec.convert(document, Provider)
            except msgspec.ValidationError as error:
                raise OidcError(
                    "oidc_unavailable", f"the provider's discovery document is not right: {error}"
                ) from error
            if provider.issuer != self._issuer:
                raise OidcError("oidc_unavailable", f"the provider at {self._issuer} calls itself {provider.issuer}")
            for url in (provider.authorization_endpoint, provider.token_endpoint, provider.jwks_uri):
                if not url.startswith("https://") and not self._issuer.startswith("http://"):
                    raise OidcError("oidc_unavailable", f"the provider wants to be spoken to in the clear at {url}")
            self._provider = (self._clock(), provider)
            return provider

    async def _exchange(self, session: ClientSession, provider: Provider, flow: Flow, code: str) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": flow.redirect_uri,
            "code_verifier": flow.verifier,
        }
        headers = {}
        if self._client_secret is None:
            form["client_id"] = self._client_id
        elif "client_secret_basic" in provider.token_endpoint_auth_methods_supported:
            # RFC 6749 2.3.1: both are encoded as in a form before they become user and password.
            user, password = quote(self._client_id, safe=""), quote(self._client_secret, safe="")
            headers["Authorization"] = encode_basic_auth(user, password)
        else:
            form |= {"client_id": self._client_id, "client_secret": self._client_secret}
        return await _fetch(
            session, "POST", provider.token_endpoint, "the exchange of the code", data=form, headers=headers
        )

    async def _verify(self, session: ClientSession, provider: Provider, token: str, nonce: str) -> dict[str, Any]:
        """The claims of a genuine ID token of this very log-in (OpenID Connect Core 3.1.3.7)."""
        try:
            key = await self._key_for(session, provider, token)
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=sorted(ALGORITHMS & set(provider.id_token_signing_alg_values_supported)),
                audience=self._client_id,
                issuer=provider.issuer,
                leeway=LEEWAY_S,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise OidcError("oidc_invalid", f"the ID token is not good: {error}") from error
        if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
            raise OidcError("oidc_invalid", "the ID token was made for another log-in")
        audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != self._client_id:
            raise OidcError("oidc_invalid", "the ID token was made for another client")
        if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
            raise OidcError("oidc_invalid", "the ID token names nobody")
        return claims

    async def _key_for(self, session: ClientSession, provider: Provider, token: str) -> jwt.PyJWK:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise ValueError(f"the algorithm {header.get('alg')!r} is not accepted")
        async with self._lock:
            if self._keys is None or (
                _matching(self._keys[1], header) is None and self._clock() - self._keys[0] > ASK_KEYS_AGAIN_S
            ):
                document = await _fetch(session, "GET", provider.jwks_uri, "the provider's keys")
                self._keys = (self._clock(), jwt.PyJWKSet.from_dict(document))
            key = _matching(self._keys[1], header)
        if key is None:
            raise ValueError("it is signed with a key that the provider does not have")
        return key

    async def _userinfo(
        self, session: ClientSession, provider: Provider, access_token: str, claims: Mapping[str, Any]
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {access_token}"}
        document = await _fetch(session, "GET", str(provider.userinfo_endpoint), "userinfo", headers=headers)
        if document.get("sub") != claims["sub"]:  # Core 5.3.2
            raise OidcError("oidc_invalid", "userinfo tells of somebody else")
        known = ("email", "email_verified", "preferred_username", "name", "nickname", "given_name")
        return {name: document[name] for name in known if name in document}


def _matching(keys: jwt.PyJWKSet, header: Mapping[str, Any]) -> jwt.PyJWK | None:
    kid = header.get("kid")
    usable = [key for key in keys.keys if key.public_key_use in (None, "sig")]
    if kid is None:  # then there has to be one only (Core 10.1)
        return usable[0] if len(usable) == 1 else None
    return next((key for key in usable if key.key_id == kid), None)


async def _fetch(session: ClientSession, method: str, url: str, what: str, **options: Any) -> dict[str, Any]:
    """A JSON object from the provider; redirects are not followed, for they would take secrets along."""
    options["headers"] = {"Accept": "application/json"} | options.get("headers", {})
    try:
        async with session.request(method, url, allow_redirects=False, **options) as response:
            raw = await response.content.read(DOCUMENT_BYTES + 1)
            while len(raw) <= DOCUMENT_BYTES and not response.content.at_eof():
                raw += await response.content.read(DOCUMENT_BYTES + 1 - len(raw))
            if response.status != 200:
                code = "oidc_invalid" if 400 <= response.status < 500 and method == "POST" else "oidc_unavailable"
                raise OidcError(code, f"{what}: {url} answered {response.status}: {raw[:200]!r}")
    except (ClientError, TimeoutError, OSError, ValueError) as error:
        raise OidcError(
            "oidc_unavailable", f"{what}: {url} cannot be reached: {error or type(error).__name__}"
        ) from error
    try:
        document = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise OidcError("oidc_unavailable", f"{what}: {url} did not answer with JSON") from error
    if not isinstance(document, dict):
        raise OidcError("oidc_unavailable", f"{what}: {url} did not answer with a JSON object")
    return document
