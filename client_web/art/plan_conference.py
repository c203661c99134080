"""The conference: a foyer with stands, a hall with a wide stage, rooms for sessions, a quiet lounge."""

from __future__ import annotations

from .plan import Plan


def conference() -> Plan:
    plan = Plan(
        "Conference",
        "A hall with a stage and seats for many, a foyer with stands and coffee, session rooms and a quiet lounge.",
        64,
        44,
        "concrete",
    )
    plan.shell(0, 0, 64, 44)
    # The hall in the north, rooms east of it, the foyer along the south.
    plan.wall(0, 26, 64, 1)
    plan.wall(42, 0, 1, 27)
    plan.wall(42, 9, 22, 1)
    plan.wall(42, 18, 22, 1)
    plan.wall(53, 9, 1, 10)
    plan.wall(14, 26, 1, 18)
    plan.windows((63, 2, 1, 5), (63, 12, 1, 4), (63, 20, 1, 4), (63, 30, 1, 4), (63, 36, 1, 4))
    plan.windows((18, 43, 6, 1), (38, 43, 6, 1), (48, 43, 6, 1), (0, 30, 1, 4), (0, 36, 1, 4))
    plan.windows((44, 26, 3, 1), (57, 26, 3, 1))
    plan.lay("carpet-grey", 1, 1, 41, 25)
    plan.lay("parquet", 2, 1, 38, 7)
    plan.lay("carpet-blue", 43, 1, 20, 8)
    plan.lay("carpet-sand", 43, 10, 10, 8)
    plan.lay("carpet-plum", 54, 10, 9, 8)
    plan.lay("wood", 43, 19, 20, 7)
    plan.lay("carpet-sand", 1, 27, 13, 16)
    plan.lay("terrace", 15, 27, 48, 16)
    plan.door(12, 26, "h", "wood", True)
    plan.door(34, 26, "h", "wood", True)
    plan.door(50, 26, "h", "glass", True)
    plan.door(42, 21, "v", "wood", True)
    plan.door(47, 18, "h", "glass", True)
    plan.door(58, 18, "h", "glass", True)
    plan.door(42, 4, "v", "wood", False)
    plan.door(14, 34, "v", "glass", True)
    hall(plan)
    rooms(plan)
    lounge(plan)
    foyer(plan)
    comforts(plan)
    plan.zone("spawn", "Entrance", 28, 38, 8, 5)
    plan.spawn(
        (29, 39),
        (31, 39),
        (33, 39),
        (35, 39),
        (30, 41),
        (32, 41),
        (34, 41),
        (28, 36.5),
        (36, 36.5),
        (26, 40),
        (38, 40),
        (32, 36.5),
    )
    return plan


def hall(plan: Plan) -> None:
    plan.put("stage-wide", 13, 2)
    plan.put("screen-wide", 17, 0)
    plan.put("lectern", 14, 4)
    plan.put("speaker", 11.5, 2.5)
    plan.put("speaker", 29.5, 2.5)
    plan.put("plant-monstera", 2, 1)
    plan.put("plant-monstera", 39, 1)
    for y in range(10, 23, 2):
        plan.row("theatre-row", (3, 7.5, 13.5, 18, 22.5, 28.5, 33), y)
    plan.put("camera-stand", 20, 24.25)
    plan.put("camera-stand", 24.5, 24.25)
    plan.row("string-lights", (3, 28), 0)
    plan.zone("stage", "Main stage", 13, 2, 16, 5, 12)
    plan.zone("audience", "Main hall", 2, 9, 38, 16, 220)


def rooms(plan: Plan) -> None:
    # Behind the stage: the speakers' room.
    plan.put("sofa-down", 45, 1.5)
    plan.put("coffee-table", 45.5, 3.25)
    plan.put("armchair-up", 45.75, 4.75)
    plan.put("table-large", 52, 4)
    plan.row("chair-down", (52.5, 54.5, 56.5), 2.75)
    plan.row("chair-up", (52.5, 54.5, 56.5), 6)
    plan.put("fridge", 61, 1)
    plan.put("coffee-machine", 59, 1)
    plan.put("plant-fig", 62, 7.75)
    plan.put("clock", 50, 0)
    plan.zone("private", "Speakers’ room", 43, 1, 20, 8, 20)
    # Two rooms for sessions.
    plan.put("whiteboard", 45, 10)
    plan.put("table-large", 44.5, 13)
    plan.row("chair-down", (45, 47, 49), 11.75)
    plan.row("chair-up", (45, 47, 49), 15)
    plan.put("plant-snake", 52, 10)
    plan.zone("private", "Session room A", 43, 10, 10, 8, 14)
    plan.put("tv-stand", 56.5, 10)
    plan.put("rug-round", 56.5, 12)
    for x, y in ((55.5, 12.5), (60, 12.5), (56, 14.75), (59.5, 14.75), (57.75, 15.25)):
        plan.put("beanbag", x, y)
    plan.put("plant-fig", 62, 10)
    plan.zone("private", "Session room B", 54, 10, 9, 8, 12)
    # The gallery before them.
    plan.row("high-table", (45.5, 53.5, 60.5), 21.5)
    plan.put("planter", 55.5, 19.25)
    plan.put("water-cooler", 44, 19.25)
    plan.put("banner", 61.5, 19.5)


def lounge(plan: Plan) -> None:
    plan.put("bookshelf", 2, 27)
    plan.put("bookshelf", 4, 27)
    plan.put("plant-monstera", 12.75, 27.25)
    plan.put("rug-warm", 3, 30)
    plan.put("sofa-right", 1.5, 30)
    plan.put("sofa-up", 4, 33.5)
    plan.put("coffee-table", 4.5, 31.25)
    plan.put("armchair-left", 8.5, 30.5)
    plan.put("sofa-right", 1.5, 37)
    plan.put("coffee-table-round", 4, 38)
    plan.put("armchair-left", 6.5, 37)
    plan.put("armchair-left", 6.5, 39)
    plan.put("booth-desk", 10, 41.5)
    plan.put("lamp-floor", 1.25, 35.5)
    plan.put("plant-fig", 1, 41.75)
    plan.put("plant-snake", 12.75, 41.5)
    plan.zone("silent", "Quiet lounge", 1, 27, 13, 16, 24)


def comforts(plan: Plan) -> None:
    """What makes the quiet lounge one: two corners to sit in with a green wall between them, and books to take."""
    plan.put("rug-cool", 2.25, 37)
    plan.put("planter", 2.25, 35.5)
    plan.put("planter", 5.25, 35.5)
    plan.put("plant-monstera", 8.25, 35.25)
    plan.put("rug-round", 9.25, 35.75)
    plan.put("beanbag", 9.5, 36.25)
    plan.put("beanbag", 12, 36)
    plan.put("coffee-table-round", 10.5, 37.5)
    plan.put("beanbag", 9.75, 38.75)
    plan.put("bookshelf", 6.5, 27)
    plan.put("armchair-down", 9.25, 27.75)
    plan.put("lamp-floor", 11, 27.5)
    plan.put("plant-snake", 8.5, 42)
    plan.put("bookshelf-low", 4, 42.25)


def foyer(plan: Plan) -> None:
    plan.put("registration", 20, 37)
    plan.put("banner", 19, 36)
    plan.put("banner", 26.25, 36)
    plan.put("logo-sign", 27, 26)
    for x, kind in ((38.5, "stand-teal"), (44, "stand-plum"), (55, "stand-navy")):
        plan.put(kind, x, 27.5)
    plan.put("stand-navy", 40, 37.5)
    plan.put("stand-teal", 46, 37.5)
    plan.put("stand-plum", 52, 37.5)
    plan.put("coffee-cart", 17, 28)
    plan.put("coffee-cart", 22, 28)
    for x, y in ((18, 31), (22, 31.5), (26, 30.5), (30, 32), (44.5, 33), (49.5, 33.5), (55, 33), (59, 31)):
        plan.put("high-table", x, y)
    plan.put("sofa-left", 61.5, 36)
    plan.put("coffee-table-round", 59.5, 37)
    plan.put("armchair-right", 57.5, 37)
    plan.put("plant-monstera", 62, 27.5)
    plan.put("plant-monstera", 15.25, 41.5)
    plan.put("planter", 29.5, 28)
    plan.put("sofa-right", 15.5, 37)
    plan.put("coffee-table-round", 17.5, 38)
    plan.row("planter", (29, 34), 34.25)
    plan.row("doormat", (30, 32), 41.75)
    plan.put("plant-snake", 27, 42)
    plan.put("plant-snake", 36, 42)
    plan.zone("private", "Corner sofa", 57, 35.5, 6, 4.5, 6)
    plan.zone("private", "Coffee corner", 16.5, 27, 7.5, 6, 10)
