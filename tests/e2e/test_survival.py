"""The server dies, the network goes: pages come back by themselves, as the same people in the same places."""

from __future__ import annotations

from uuid import UUID

import pytest

from benchmarks.bots.api import Api
from tests.adversity.proxy import proxied
from tests.adversity.server_process import ServerProcess
from tests.adversity.visitor import Guests, Plan
from tests.e2e.conftest import OpenTab
from tests.e2e.tab import Probe, Tab, names, own, remote

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TICK_RATE = 30
LOST_S = 5
"""What a killed server may forget."""
DARK_S = 10


async def two_people(open_tab: OpenTab, room: UUID) -> tuple[Tab, Tab]:
    """Two pages whose people have walked somewhere and stand there."""
    ana, bo = await open_tab(), await open_tab()
    for tab, name, key in ((ana, "Ana", "ArrowLeft"), (bo, "Bo", "ArrowRight")):
        tab.may_be_away = True
        await tab.come_as_guest(room, name)
        await tab.walk_until(key, "a walk", is_on_the_way)
    return ana, bo


def is_on_the_way(probe: Probe) -> bool:
    """Whether the avatar has left the two first spawn points, which are 64 px apart, sideways."""
    return not 720 <= probe["self"]["predictedX"] <= 816


def place(probe: Probe) -> tuple[float, float]:
    """Where the server has the own avatar, px."""
    return own(probe)["x"], own(probe)["y"]


@pytest.mark.parametrize("how", ["kill -9", "SIGTERM"])
async def test_after_a_restart_both_pages_come_back_to_their_places(
    open_tab: OpenTab, server: ServerProcess, office: UUID, how: str
) -> None:
    ana, bo = await two_people(open_tab, office)
    before = {tab: await tab.still() for tab in (ana, bo)}
    if how == "kill -9":
        settled = before[bo]["tick"] + LOST_S * TICK_RATE
        await bo.until("what may be lost to be older than this", lambda p: p["tick"] > settled)
        server.kill()
    else:
        server.ask_to_stop()
        server.wait()
    for tab in (ana, bo):
        await tab.until("the loss", lambda p: p["status"] == "reconnecting")
        await tab.page.get_by_role("alert").filter(has_text="Connection lost").wait_for()
    server.start()
    for tab, other in ((ana, "Bo"), (bo, "Ana")):
        back = await tab.until("the return", lambda p: p["status"] == "live" and len(p["remotes"]) == 1)
        assert place(back) == place(before[tab])
        assert names(back) == [other]
    ana_now, bo_now = await ana.still(), await bo.still()
    assert (remote(ana_now, "Bo")["x"], remote(ana_now, "Bo")["y"]) == place(bo_now)
    moved = await ana.walk_until("ArrowDown", "a walk", lambda p: p["self"]["predictedY"] > place(ana_now)[1] + 20)
    await bo.until("the walk over there", lambda p: remote(p, "Ana")["y"] == place(moved)[1])


async def test_after_ten_seconds_without_network_the_same_avatar_goes_on(
    open_tab: OpenTab, server: ServerProcess, api: Api, office: UUID
) -> None:
    witness = await open_tab()
    await witness.come_as_guest(office, "Wit")
    async with proxied(server.address) as proxy:
        tab = await open_tab(proxy.url)
        tab.may_be_away = True
        avatar = (await tab.come_as_guest(office, "Ana"))["selfId"]
        await tab.walk_until("ArrowRight", "a walk", is_on_the_way)
        before = await tab.still()
        dark = await witness.until("Ana", lambda p: names(p) == ["Ana"])
        proxy.hold()
        guests = Guests(api, office, Plan(await api.room_map(office, await api.guest("Reader"))))
        newcomer = await guests.enter()
        await tab.until("a sign of trouble", lambda p: p["status"] in ("slow", "reconnecting"))
        light = await witness.until("ten seconds", lambda p: p["tick"] >= dark["tick"] + DARK_S * TICK_RATE)
        assert [entry["id"] for entry in light["remotes"] if entry["name"] == "Ana"] == [avatar]
        proxy.restore()
        back = await tab.until("the return", lambda p: p["status"] == "live" and len(p["remotes"]) == 2)
        assert (back["selfId"], place(back)) == (avatar, place(before))
        assert names(back) == ["Guest 1", "Wit"], "who came meanwhile is known"
        moved = await tab.walk_until("ArrowDown", "a walk", lambda p: p["self"]["predictedY"] > place(back)[1] + 20)
        await witness.until("the walk over there", lambda p: remote(p, "Ana")["y"] == place(moved)[1])
        assert names(await witness.inside()) == ["Ana", "Guest 1"]
        assert len(newcomer.roster) == 3
        assert newcomer.left == [], "nobody was ever gone"
        guests.go()


async def test_a_cut_line_is_shown_and_mended(open_tab: OpenTab, server: ServerProcess, office: UUID) -> None:
    async with proxied(server.address) as proxy:
        tab = await open_tab(proxy.url)
        tab.may_be_away = True
        before = await tab.come_as_guest(office, "Ana")
        proxy.cut()
        await tab.until("the loss", lambda p: p["status"] == "reconnecting")
        await tab.page.get_by_role("alert").filter(has_text="Connection lost").wait_for()
        proxy.restore()
        back = await tab.until("the return", lambda p: p["status"] == "live")
        assert (back["selfId"], place(back)) == (before["selfId"], place(before))
        await tab.page.get_by_role("alert").wait_for(state="hidden")
        assert names(back) == []


async def test_the_same_person_in_a_second_tab_ends_the_first(open_tab: OpenTab, office: UUID) -> None:
    first = await open_tab()
    avatar = (await first.come_as_guest(office, "Ana"))["selfId"]
    second = Tab(await first.page.context.new_page(), first.url)
    await second.go(f"/rooms/{office}")
    assert (await second.inside())["selfId"] == avatar
    await first.page.get_by_role("alertdialog", name="You walked in somewhere else").wait_for()
    assert (await first.probe() or {})["status"] == "gone"
    assert second.problems() == []
    await first.page.get_by_role("button", name="Come back in").click()
    assert (await first.inside())["selfId"] == avatar
    await second.page.get_by_role("alertdialog").wait_for()
