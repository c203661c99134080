"""Headers that tell browsers what our pages never do."""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web

# PixiJS loads textures through blobs and workers; calls use media streams. There is no inline script anywhere.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        # WebAssembly of our own: noise suppression and background blur. It allows no eval of JavaScript.
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' blob: mediastream:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

FRAME_SOURCES = web.AppKey("FRAME_SOURCES", str)
"""`frame-src`: the sites whose pages may be shown inside ours."""

CONNECT_SOURCES = web.AppKey("CONNECT_SOURCES", str)
"""More of `connect-src`: the media server that browsers talk to themselves."""

DATAGRAM_HOST = web.AppKey("DATAGRAM_HOST", str)
"""Where datagrams go, for `connect-src`; empty: to the host of the page. Not there: nowhere."""

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def connect_sources(media_url: str) -> str:
    """The sources by which a browser reaches the media server at `media_url`: its socket, and what its library asks
    over HTTP. Empty without one."""
    host = urlsplit(media_url).netloc
    if not host:
        return ""
    secure = urlsplit(media_url).scheme in ("wss", "https")
    return f"wss://{host} https://{host}" if secure else f"ws://{host} http://{host}"


def datagram_source(host: str | None, page_host: str | None) -> str:
    """The source by which a browser reaches the UDP port. Its number is not fixed: workers have one each. `host`: as in
    `DATAGRAM_HOST`, None: there is no such port."""
    # The client asks for `localhost` by its address.
    name = host or ("127.0.0.1" if page_host == "localhost" else page_host or "")
    is_plain = bool(name) and all(letter.isascii() and (letter.isalnum() or letter in ".-") for letter in name)
    return f"https://{name}:*" if host is not None and is_plain else ""


async def add_security_headers(request: web.Request, response: web.StreamResponse) -> None:
    """For `app.on_response_prepare`. A handler that sets one of them itself keeps its own."""
    if isinstance(response, web.WebSocketResponse):
        return
    frames = request.app.get(FRAME_SOURCES, "'none'")
    datagrams = datagram_source(request.app.get(DATAGRAM_HOST), request.host.partition(":")[0])
    more = (request.app.get(CONNECT_SOURCES, ""), datagrams)
    connects = " ".join(("connect-src 'self' blob: data:", *filter(None, more)))
    policy = f"{CONTENT_SECURITY_POLICY}; {connects}; frame-src {frames}"
    response.headers.setdefault("Content-Security-Policy", policy)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
