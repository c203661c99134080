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
    assert await response.json() == {"ice_servers": [], "expires_in": None, "relay_only": False}


async def test_a_room_whose_media_are_to_be_relayed_needs_a_relay(site: Any) -> None:
    owner = await (await site.browser()).register()
    room = await owner.make_room()
    response = await owner.put(f"/api/rooms/{room['id']}", {"relay_only": True})
    assert response.status == 422
    assert [error["field"] for error in (await response.json())["errors"]] == ["relay_only"]
    refused = await owner.post("/api/rooms", {"name": "New", "template": "closet", "relay_only": True})
    assert refused.status == 422
    assert (await (await owner.get(f"/api/rooms/{room['id']}/ice")).json())["relay_only"] is False
