"""What a browser is told about STUN and TURN servers."""

from __future__ import annotations

from typing import Any


async def test_everybody_who_is_signed_in_is_told_and_nobody_else(site: Any) -> None:
    browser = await site.browser()
    assert (await browser.get("/api/media/ice")).status == 401
    await browser.register()
    response = await browser.get("/api/media/ice")
    assert response.status == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert await response.json() == {"ice_servers": [], "expires_in": None}
