"""Headers that tell browsers what our pages never do."""

from __future__ import annotations

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
        "connect-src 'self' blob: data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

FRAME_SOURCES = web.AppKey("FRAME_SOURCES", str)
"""`frame-src`: the sites whose pages may be shown inside ours."""

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


async def add_security_headers(request: web.Request, response: web.StreamResponse) -> None:
    """For `app.on_response_prepare`. A handler that sets one of them itself keeps its own."""
    if isinstance(response, web.WebSocketResponse):
        return
    frames = request.app.get(FRAME_SOURCES, "'none'")
    response.headers.setdefault("Content-Security-Policy", f"{CONTENT_SECURITY_POLICY}; frame-src {frames}")
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
