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
    plan = Plan("Office", "Open-plan desks, two meeting rooms, a quiet library, phone booths, a kitchen and a lounge.", 50, 36, "wood")
    plan.wall(0, 0, 50, 1)
    plan.wall(0, 35, 50, 1)
    plan.wall(0, 0, 1, 36)
    plan.wall(49, 0, 1, 36)
    # Rooms along the north.
    plan.wall(0, 10, 37, 1)
    for x in (12, 24, 36):
        plan.wall(x, 0, 1, 11)
    plan.windows((3, 0, 2, 1), (8, 0, 2, 1), (14, 0, 3, 1), (20, 0, 3, 1), (26, 0, 2, 1), (33, 0, 2, 1), (44, 0, 4, 1))
    plan.windows((1, 10, 3, 1), (9, 10, 3, 1), (13, 10, 3, 1), (21, 10, 3, 1), (25, 10, 3, 1), (33, 10, 3, 1))
    plan.windows((0, 13, 1, 3), (0, 18, 1, 3), (49, 15, 1, 4), (49, 26, 1, 3), (49, 31, 1, 3), (49, 3, 1, 4))
    plan.windows((20, 35, 4, 1), (26, 35, 4, 1), (8, 35, 4, 1), (39, 35, 6, 1))
    # Phone booths in the south-west.
    plan.wall(4, 23, 1, 13)
    for y in (23, 27, 31):
        plan.wall(0, y, 5, 1)
    # Between the open plan and the lounge.
    plan.wall(35, 24, 15, 1)
    plan.windows((37, 24, 2, 1), (45, 24, 3, 1))

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
    return plan


def maple(plan: Plan) -> None:
    plan.put("rug-cool", 3.5, 3)
    plan.put("screen", 5, 0)
    plan.put("table-large", 3.5, 4)
    plan.row("chair-down", (3.75, 5.25, 6.75, 8.25), 2.75)
    plan.row("chair-up", (3.75, 5.25, 6.75, 8.25), 6)
    plan.put("chair-right", 2.25, 4.25)
    plan.put("chair-left", 9.75, 4.25)
    plan.put("plant-monstera", 1, 1)
    plan.put("plant-fig", 11, 1)
    plan.put("bookshelf-low", 9.75, 8.75)
    plan.put("plant-snake", 1.25, 9)
    plan.zone("private", "Maple meeting room", 1, 1, 11, 9, 12)


def birch(plan: Plan) -> None:
    plan.put("picture-landscape", 17.5, 0)
    plan.put("table-tall", 17.5, 2.25)
    plan.column("chair-right", 16.25, (2, 3.5, 5))
    plan.column("chair-left", 19.75, (2, 3.5, 5))
    plan.put("whiteboard", 13.5, 1.25)
    plan.put("plant-fig", 22.75, 1)
    plan.put("armchair-left", 22.25, 5)
    plan.put("armchair-left", 22.25, 7)
    plan.put("plant-monstera", 13, 8.75)
    plan.put("lamp-floor", 23, 9)
    plan.zone("private", "Birch meeting room", 13, 1, 11, 9, 10)


def library(plan: Plan) -> None:
    plan.row("bookshelf", (25, 28, 31), 1)
    plan.put("bookshelf", 33.75, 1)
    plan.put("rug-warm", 26.5, 4)
    plan.put("picture-abstract", 30, 0)
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
    plan.put("shelf-wall", 38.5, 0)
    plan.put("clock", 42.5, 0)
    for x, y in ((39, 5), (44.5, 4.5), (41.5, 8), (46, 8)):
        plan.put("table-cafe", x, y)
        plan.put("stool", x - 0.75, y + 0.25)
        plan.put("stool", x + 1.25, y + 0.25)
    plan.put("planter", 37, 10.25)
    plan.put("planter", 46, 10.25)
    plan.put("bin", 48.25, 3.5)
    plan.zone("private", "Kitchen table", 40.5, 7.25, 3.25, 2.25, 4)


def open_plan(plan: Plan) -> None:
    plan.put("picture-trio", 8, 10)
    for x in (3, 13, 23):
        for y in (12, 18):
            desks(plan, x, y)
    for y in (12.75, 18.75):
        plan.put("plant-monstera", 11.5, y)
        plan.put("plant-fig", 21.5, y)
        plan.put("plant-snake", 31.25, y + 0.75)
    plan.put("printer", 33, 11)
    plan.put("locker", 1, 11)
    plan.put("bin", 32.25, 16.5)
    plan.put("partition", 11, 16.5)


def lounge(plan: Plan) -> None:
    plan.put("rug-round", 38.5, 16)
    plan.put("rug-warm", 42.75, 18)
    plan.put("sofa-down", 39, 14.5)
    plan.put("sofa-right", 36.5, 16.5)
    plan.put("coffee-table", 39.5, 17.5)
    plan.put("armchair-left", 42, 17.25)
    plan.put("sofa-up", 44, 21)
    plan.put("armchair-right", 43.25, 18.75)
    plan.put("armchair-left", 47, 18.75)
    plan.put("coffee-table-round", 45, 19)
    plan.column("plant-fig", 48, (14, 22.75))
    plan.put("lamp-floor", 35.75, 15)
    plan.put("bookshelf-low", 45, 14.25)
    plan.put("beanbag", 38, 21.5)
    plan.put("beanbag", 40, 22)
    plan.put("plant-monstera", 35.75, 22.75)
    plan.zone("private", "Fireside sofas", 36.25, 14.25, 7.25, 5, 8)


def booths(plan: Plan) -> None:
    for n, y in enumerate((24, 28, 32), start=1):
        plan.put("booth-desk", 1.25, y)
        plan.put("chair-up", 1.75, y + 0.75)
        plan.put("plant-snake", 3.25, y)
        plan.zone("private", f"Phone booth {n}", 1, y, 3, 3, 2)


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
    plan.put("sofa-left", 32.5, 28)
    plan.put("coffee-table-round", 31, 28.75)
    plan.put("coat-rack", 33.25, 26.75)
    plan.put("plant-fig", 18, 28.5)
    plan.put("plant-monstera", 33, 31.5)
    plan.put("plant-snake", 22.75, 34)
    plan.put("plant-snake", 26.5, 34)
    plan.put("planter", 28, 25.5)
    plan.put("planter", 19, 25.5)
    plan.zone("spawn", "Reception", 22, 29, 7, 5)
    plan.spawn((23, 30), (25, 30), (27, 30), (23, 32), (25, 32), (27, 32), (29, 31), (21, 32), (25, 27.5), (16, 24))


def games(plan: Plan) -> None:
    plan.put("ping-pong", 37.5, 28)
    plan.put("foosball", 44, 27.5)
    plan.put("arcade", 47.25, 25)
    plan.put("arcade", 45.75, 25)
    plan.put("picture-abstract", 39, 24)
    plan.put("sofa-up", 42, 33)
    plan.put("beanbag", 46.5, 31)
    plan.put("beanbag", 47.5, 32.25)
    plan.put("plant-fig", 48, 33.75)
    plan.put("plant-monstera", 36, 33.75)
    plan.zone("private", "Game corner", 35, 25, 14, 10, 12)
