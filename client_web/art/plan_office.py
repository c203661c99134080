"""The office: reception in the south, desks in the middle, rooms along the north, kitchen and lounge in the east."""

from __future__ import annotations

from .plan import Plan


def desks(plan: Plan, x: int, y: int, pairs: int = 4) -> None:
    """Desks back to back, chairs north and south of them: `2 * pairs` by 4 tiles."""
    for n in range(pairs):
        at = x + n * 2
        plan.put("chair-down", at + 0.5, y)
        plan.put("desk-up", at, y + 1)
        plan.put("desk-down", at, y + 2)
        plan.put("chair-up", at + 0.5, y + 3)


def office() -> Plan:
    plan = Plan(
        "Office",
        "Open-plan desks, two meeting rooms, a quiet library, phone booths, a kitchen and a lounge.",
        50,
        36,
        "wood",
    )
    plan.shell(0, 0, 50, 36)
    # Rooms along the north.
    plan.wall(0, 10, 37, 1)
    for x in (12, 24, 36):
        plan.wall(x, 0, 1, 11)
    plan.windows((2, 0, 2, 1), (9, 0, 2, 1), (20, 0, 3, 1), (46, 0, 2, 1))
    plan.windows((2, 10, 2, 1), (9, 10, 2, 1), (14, 10, 2, 1))
    plan.windows((0, 13, 1, 3), (0, 18, 1, 3), (49, 15, 1, 4), (49, 26, 1, 3), (49, 31, 1, 3), (49, 3, 1, 4))
    plan.windows((20, 35, 4, 1), (26, 35, 4, 1), (8, 35, 4, 1), (14, 35, 2, 1), (39, 35, 6, 1))
    # Phone booths in the south-west.
    plan.wall(4, 23, 1, 13)
    for y in (23, 27, 31):
        plan.wall(0, y, 5, 1)
    # Between the open plan and the lounge.
    plan.wall(35, 24, 15, 1)
    plan.windows((47, 24, 1, 1))

    plan.lay("carpet-blue", 1, 1, 11, 10)
    plan.lay("carpet-sand", 13, 1, 11, 10)
    plan.lay("wood-dark", 25, 1, 11, 10)
    plan.lay("tile", 37, 1, 12, 10)
    plan.lay("carpet-grey", 1, 12, 32, 10)
    plan.lay("wood-dark", 35, 14, 14, 10)
    plan.lay("carpet-blue", 1, 24, 3, 11)
    plan.lay("concrete", 35, 25, 14, 10)
    plan.lay("carpet-sand", 6, 26, 11, 8)

    plan.door(5, 10, "h", "glass", True)
    plan.door(17, 10, "h", "glass", True)
    plan.door(29, 10, "h", "wood", True)
    plan.door(41, 24, "h", "wood", True)
    for y in (25, 29, 33):
        plan.door(4, y, "v", "glass", y == 29)

    maple(plan)
    birch(plan)
    library(plan)
    kitchen(plan)
    open_plan(plan)
    lounge(plan)
    booths(plan)
    workshop(plan)
    reception(plan)
    games(plan)
    for n, (x, y) in enumerate(((8, 28), (13, 29.5)), start=1):
        plan.zone("table", f"Workshop table {n}", x - 1.25, y - 1.25, 4.5, 4.25)
    return plan


def maple(plan: Plan) -> None:
    plan.put("rug-cool", 3.5, 3)
    plan.put("screen", 4.5, 0)
    plan.put("table-large", 3.5, 4)
    plan.row("chair-down", (3.75, 5.25, 6.75, 8.25), 2.75)
    plan.row("chair-up", (3.75, 5.25, 6.75, 8.25), 6)
    plan.put("chair-right", 2.25, 4.25)
    plan.put("chair-left", 9.75, 4.25)
    plan.put("plant-monstera", 1, 1)
    plan.put("plant-fig", 11, 1)
    plan.put("bookshelf-low", 9.75, 8.75)
    plan.put("plant-snake", 1.25, 9)
    plan.zone("private", "Maple meeting room", 1, 1, 11, 9, 12, lockable=True)


def birch(plan: Plan) -> None:
    plan.put("picture-landscape", 17.5, 0)
    plan.put("table-tall", 17.5, 2.25)
    plan.column("chair-right", 16.25, (2, 3.5, 5))
    plan.column("chair-left", 19.75, (2, 3.5, 5))
    plan.put("whiteboard", 13.25, 1.25)
    plan.put("plant-fig", 22.75, 1)
    plan.put("armchair-left", 22.25, 4)
    plan.put("armchair-left", 22.25, 6.25)
    plan.put("plant-monstera", 13, 8.75)
    plan.put("lamp-floor", 23, 9)
    plan.zone("private", "Birch meeting room", 13, 1, 11, 9, 10, lockable=True)


def library(plan: Plan) -> None:
    plan.row("bookshelf", (25, 27, 31.5, 33.5), 1)
    plan.put("rug-warm", 26.5, 4)
    plan.put("picture-landscape", 29.25, 0)
    plan.put("armchair-right", 26.75, 4.5)
    plan.put("armchair-left", 31, 4.5)
    plan.put("coffee-table-round", 28.75, 4.75)
    plan.column("desk-right", 35, (3, 6))
    plan.column("chair-left", 33.75, (3.5, 6.5))
    plan.put("lamp-floor", 25.25, 3.25)
    plan.put("plant-fig", 25, 8.75)
    plan.put("plant-snake", 35, 9)
    plan.zone("silent", "Library", 25, 1, 11, 9)


def kitchen(plan: Plan) -> None:
    plan.put("fridge", 37.25, 1)
    plan.put("counter", 38.5, 1)
    plan.put("counter-sink", 40.5, 1)
    plan.put("counter-stove", 43.5, 1)
    plan.put("coffee-machine", 45.5, 1)
    plan.put("water-cooler", 47.75, 1.25)
    plan.put("rug-cool", 38.25, 4)
    plan.put("table-large", 38.25, 5)
    plan.row("chair-down", (38.75, 40.75, 42.75), 3.75)
    plan.row("chair-up", (38.75, 40.75, 42.75), 7)
    for y in (3.5, 6, 8.5):
        plan.put("table-cafe", 46.5, y)
        plan.put("stool", 45.75, y + 0.25)
        plan.put("stool", 47.75, y + 0.25)
    plan.put("planter", 37, 10.25)
    plan.put("planter", 46, 10.25)
    plan.zone("table", "Kitchen table", 37.75, 3.5, 7, 4.75)


def open_plan(plan: Plan) -> None:
    plan.put("picture-trio", 11.5, 10)
    plan.put("clock", 25.5, 10)
    plan.put("logo-sign", 32.25, 10)
    for x in (3, 13, 23):
        for y in (12, 18):
            desks(plan, x, y)
    for y in (13, 19):
        plan.put("plant-monstera", 11.5, y)
        plan.put("plant-fig", 21.5, y)
        plan.put("plant-snake", 31.25, y + 0.25)
    plan.row("planter", (5.5, 15.5, 25.5), 16.75)
    plan.put("printer", 22.75, 11)
    plan.put("locker", 26.5, 11)
    plan.put("bookshelf-low", 1, 11)
    plan.put("bin", 24.25, 11)
    plan.put("water-cooler", 35.5, 11)


def lounge(plan: Plan) -> None:
    plan.put("rug-round", 38.5, 16.25)
    plan.put("sofa-down", 39, 14.5)
    plan.put("sofa-right", 36.75, 16.75)
    plan.put("coffee-table", 39.5, 17.75)
    plan.put("armchair-left", 42.5, 17.25)
    plan.put("sofa-up", 39, 20.75)
    plan.zone("private", "Round sofas", 36.25, 14.25, 8, 8, 8)
    plan.put("rug-runner", 45.75, 16.5)
    plan.put("armchair-right", 45.25, 17)
    plan.put("armchair-right", 45.25, 19.5)
    plan.put("sofa-left", 47.5, 17)
    plan.put("plant-snake", 47.75, 20.25)
    plan.put("bookshelf-low", 45.5, 14)
    plan.put("plant-fig", 48, 13.75)
    plan.put("plant-fig", 48, 22.75)
    plan.put("lamp-floor", 36.5, 15.25)
    plan.put("plant-monstera", 35.75, 22.75)
    plan.put("planter", 43.25, 22.75)


def booths(plan: Plan) -> None:
    for n, y in enumerate((24, 28, 32), start=1):
        plan.put("booth-desk", 1.25, y)
        plan.put("chair-up", 1.75, y + 0.75)
        plan.put("plant-snake", 3.25, y)
        plan.zone("private", f"Phone booth {n}", 1, y, 3, 3, 2, lockable=True)


def workshop(plan: Plan) -> None:
    plan.put("whiteboard", 7, 25)
    plan.put("whiteboard", 11, 25)
    plan.put("table-round", 8, 28)
    plan.put("table-round", 13, 29.5)
    for x, y in ((8, 28), (13, 29.5)):
        plan.put("chair-down", x + 0.5, y - 1)
        plan.put("chair-up", x + 0.5, y + 1.75)
        plan.put("chair-right", x - 1, y + 0.25)
        plan.put("chair-left", x + 2, y + 0.25)
    plan.put("beanbag", 6.5, 32.25)
    plan.put("beanbag", 8, 33)
    plan.put("plant-monstera", 5.25, 33.5)
    plan.put("partition-side", 17.25, 26)
    plan.put("partition-side", 17.25, 28)
    plan.put("plant-fig", 17, 33.5)
    plan.put("bookshelf-low", 10.5, 34)


def reception(plan: Plan) -> None:
    plan.put("rug-runner", 24, 28.5)
    plan.put("doormat", 24, 33.75)
    plan.put("reception", 19, 28.5)
    plan.put("chair-down", 20.5, 27.5)
    plan.put("plant-fig", 18, 28.5)
    plan.put("rug-warm", 27.5, 28)
    plan.put("sofa-down", 29, 27.25)
    plan.put("sofa-up", 29, 31)
    plan.put("armchair-left", 32.25, 28.75)
    plan.put("coffee-table", 29.5, 29.25)
    plan.put("coat-rack", 33.75, 33.5)
    plan.put("plant-monstera", 33, 26.25)
    plan.put("plant-snake", 22.75, 34)
    plan.put("plant-snake", 26.5, 34)
    plan.put("planter", 27.75, 25)
    plan.put("planter", 19, 25)
    plan.zone("spawn", "Reception", 21, 30, 6, 4.5)
    plan.spawn(
        (23, 30), (25, 30), (27, 31.5), (23, 32), (25, 32), (27, 33), (21, 31), (20, 32.5), (25, 27.5), (18.5, 24)
    )


def games(plan: Plan) -> None:
    plan.put("ping-pong", 37.5, 28)
    plan.put("foosball", 44, 27.5)
    plan.put("arcade", 45.75, 25)
    plan.put("arcade", 44.25, 25)
    plan.put("picture-abstract", 37.5, 24)
    plan.put("sofa-up", 41, 33)
    plan.put("beanbag", 46.5, 31)
    plan.put("beanbag", 47, 32.5)
    plan.put("plant-fig", 48, 33.75)
    plan.put("plant-monstera", 36, 33.75)
    plan.zone("private", "Game corner", 35, 25, 14, 10, 12)
