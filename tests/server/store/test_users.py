import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest

from server.store.audit import Actor
from server.store.bans import Bans
from server.store.database import Database
from server.store.errors import Taken
from server.store.personal_data import PersonalData
from server.store.positions import Position, Positions
from server.store.rooms import Rooms
from server.store.users import Users

LOOK = bytes([1, 2, 3, 4, 5, 6])


@pytest.fixture
def users(database: Database) -> Users:
    return Users(database)


async def account(users: Users, email: str, username: str) -> object:
    return await users.create_account(email=email, username=username, password_hash="hash", look=LOOK)


async def test_an_account_comes_back_as_it_was_kept(users: Users) -> None:
    user = await users.create_account(email="A@b.org", username="Anna", password_hash="hash", look=LOOK)
    assert (user.email, user.username, user.look, user.is_guest) == ("A@b.org", "Anna", LOOK, False)
    assert user.created_at.tzinfo is not None
    assert await users.get(user.id) == user
    assert await users.get(uuid4()) is None


@pytest.mark.parametrize(
    ("email", "username", "field"),
    [("ANNA@B.ORG", "Other", "email"), ("other@b.org", "ANNA SS", "username"), ("other@b.org", "anna ss", "username")],
)
async def test_names_and_addresses_are_unique_in_any_case(users: Users, email: str, username: str, field: str) -> None:
    await account(users, "anna@b.org", "Anna ß")
    with pytest.raises(Taken) as caught:
        await account(users, email, username)
    assert caught.value.field == field


async def test_of_many_who_take_a_name_at_once_one_gets_it(users: Users) -> None:
    outcomes = await asyncio.gather(*(account(users, f"{n}@b.org", "Anna") for n in range(20)), return_exceptions=True)
    assert sum(not isinstance(outcome, Exception) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Taken) for outcome in outcomes) == 19


async def test_guests_share_names_and_are_not_found_at_log_in(users: Users) -> None:
    first, second = await users.create_guest(name="Anna", look=LOOK), await users.create_guest(name="Anna", look=LOOK)
    assert first.id != second.id
    assert await users.find_account("Anna") is None
    kept = await users.create_account(email="a@b.org", username="anna", password_hash="hash", look=LOOK)
    assert await users.find_account("Anna") == kept


async def test_a_change_leaves_the_rest_alone(users: Users) -> None:
    user = await users.create_guest(name="Anna", look=LOOK)
    renamed = await users.update(user.id, username="Ben")
    assert renamed is not None
    assert (renamed.username, renamed.look) == ("Ben", LOOK)
    assert await users.update(uuid4(), username="Ben") is None


async def test_what_else_is_in_the_avatar_settings_survives_a_new_look(users: Users, database: Database) -> None:
    user = await users.create_guest(name="Anna", look=LOOK)
    await database.execute("UPDATE users SET avatar_config = avatar_config || '{\"hat\": 1}'")
    changed = await users.update(user.id, look=bytes(6))
    assert changed is not None
    assert changed.avatar_config == {"look": [0] * 6, "hat": 1}


async def test_a_password_changed_meanwhile_is_not_put_back(users: Users) -> None:
    user = await users.create_account(email="a@b.org", username="Anna", password_hash="new", look=LOOK)
    assert not await users.replace_password_hash(user.id, "old", "upgraded")
    assert await users.replace_password_hash(user.id, "new", "upgraded")


@pytest.mark.parametrize(
    "values",
    [
        "(NULL, NULL, 'Anna', 'anna', 'hash', '{}', false)",
        "(NULL, NULL, 'Anna', 'anna', 'hash', '{}', true)",
        "('a', NULL, 'Anna', 'anna', 'hash', '{}', false)",
        "('a', 'a', '', '', 'hash', '{}', false)",
        "('a', 'a', 'Anna', 'anna', 'hash', '[]', false)",
    ],
    ids=[
        "account without e-mail",
        "guest with password",
        "e-mail without key",
        "no name",
        "avatar settings that are a list",
    ],
)
async def test_the_database_itself_refuses_what_makes_no_sense(database: Database, values: str) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await database.execute(
            "INSERT INTO users (email, email_key, username, username_key, password_hash, avatar_config, is_guest) "
            f"VALUES {values}"
        )


async def unseen_for(database: Database, user_id: UUID, days: int) -> None:
    query = "UPDATE users SET last_seen_at = now() - make_interval(days => $2) WHERE id = $1"
    await database.execute(query, user_id, days)


async def test_guests_who_stay_away_are_removed_and_nobody_else(users: Users, database: Database) -> None:
    owner = await users.create_account(email="o@b.org", username="Owner", password_hash="hash", look=LOOK)
    room = await Rooms(database).create(owner_id=owner.id, name="Room", template="office")
    names = ("gone", "here", "lately seen", "lately inside", "banned")
    guests = {name: await users.create_guest(name=name, look=LOOK) for name in names}
    for user in (owner, *guests.values()):
        await unseen_for(database, user.id, 31)
    await users.touch(guests["lately seen"].id)
    await Positions(database).save_many(room.id, [Position(guests["lately inside"].id, 1, 2)])
    await Bans(database).add(room.id, guests["banned"].id, "banned", Actor(owner.id, "Owner"))
    assert await users.purge_guests(30 * 86400, {guests["here"].id}) == 1
    assert await users.get(guests["gone"].id) is None
    for user in (owner, *(guests[name] for name in names[1:])):
        assert await users.get(user.id) is not None, user.username


async def test_guests_are_removed_in_batches_the_longest_gone_first(
    users: Users, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.store.users.PURGE_BATCH", 3)
    guests = [await users.create_guest(name=f"Guest {n}", look=LOOK) for n in range(7)]
    for days, guest in enumerate(guests, 31):
        await unseen_for(database, guest.id, days)
    assert await users.purge_guests(30 * 86400, ()) == 3
    assert [await users.get(guest.id) is not None for guest in guests] == [True] * 4 + [False] * 3
    assert [await users.purge_guests(30 * 86400, ()) for _ in range(3)] == [3, 1, 0]


async def test_whoever_deletes_themselves_does_not_lift_the_ban_on_their_address(
    users: Users, database: Database
) -> None:
    owner = await users.create_account(email="o@b.org", username="Owner", password_hash="hash", look=LOOK)
    guest, bans = await users.create_guest(name="Loud", look=LOOK), Bans(database)
    actor = Actor(owner.id, "Owner")
    for network in ("192.0.2.0/24", None):
        await bans.add(None, guest.id, "Loud", actor, network=network)
    await PersonalData(database).delete(guest.id, with_rooms=True)
    [ban] = await bans.list(None)
    assert str(ban.address) == "192.0.2.0/24"
