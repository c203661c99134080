"""The social space: a bar, a dance floor with its stage, sofas by the fire, games, and a terrace under trees."""

from __future__ import annotations

from .plan import Plan


def social() -> Plan:
    plan = Plan(
        "Social space",
        "A bar, a dance floor, sofas by the fire, a game corner and a terrace under trees.",
        40,
        30,
        "wood-dark",
    )
    plan.shell(0, 0, 28, 30)
    # The game corner has its own walls.
    plan.wall(0, 19, 11, 1)
    plan.wall(10, 19, 1, 11)
    plan.windows(
        (27, 3, 1, 4), (27, 9, 1, 2), (27, 16, 1, 2), (27, 22, 1, 4), (0, 11, 1, 4), (13, 29, 4, 1), (20, 29, 4, 1)
    )
    plan.lay("tile", 1, 1, 11, 9)
    plan.lay("concrete", 1, 20, 9, 9)
    plan.lay("wood", 11, 20, 16, 9)
    plan.lay("grass", 28, 0, 12, 30)
    plan.lay("terrace", 28, 10, 9, 12)
    plan.lay("terrace", 28, 14, 12, 3)
    plan.door(27, 12, "v", "glass", True)
    plan.door(27, 19, "v", "glass", True)
    plan.door(6, 19, "h", "wood", True)
    plan.door(10, 25, "v", "wood", False)

    bar(plan)
    dance(plan)
    sofas(plan)
    games(plan)
    terrace(plan)
    plan.zone("spawn", "Entrance", 15, 25, 8, 4)
    plan.put("doormat", 18, 28)
    plan.spawn(
        (17, 27),
        (19, 26.5),
        (21, 27),
        (18, 25),
        (20, 25),
        (16, 25.5),
        (24, 16.5),
        (12.5, 16.5),
        (31, 15.5),
        (34.5, 15.5),
    )
    return plan


def bar(plan: Plan) -> None:
    plan.row("bar-shelf", (1, 5), 1)
    plan.put("fridge", 9.25, 1)
    plan.put("bar", 1, 4)
    plan.put("bar-side", 7, 4)
    plan.row("stool", (1.5, 3, 4.5, 6), 5.25)
    plan.put("neon-sign", 3.5, 0)
    plan.put("menu-board", 10.25, 0)
    for x, y in ((9.5, 4), (2, 7.75), (5.5, 8), (9.5, 7.5)):
        plan.put("table-cafe", x, y)
        plan.put("stool", x - 0.75, y + 0.25)
        plan.put("stool", x + 1.25, y + 0.25)
    plan.put("plant-snake", 9.25, 9.75)
    plan.put("plant-monstera", 12.5, 1)
    plan.zone("table", "Corner table", 1, 7.5, 3.5, 2.25)


def dance(plan: Plan) -> None:
    plan.put("stage", 15, 1)
    plan.put("dance-floor", 16, 6)
    plan.put("dj-booth", 17.5, 2)
    plan.put("speaker", 14, 1.5)
    plan.put("speaker", 23, 1.5)
    plan.row("string-lights", (13, 19), 0)
    plan.put("plant-monstera", 26, 1)
    plan.zone("stage", "Stage", 15, 1, 8, 4, 8)
    plan.zone("audience", "Dance floor", 15, 5, 8, 7)


def sofas(plan: Plan) -> None:
    plan.put("rug-warm", 2.5, 13)
    plan.put("sofa-right", 1, 13)
    plan.put("sofa-up", 3.5, 16.5)
    plan.put("sofa-down", 3.5, 11.5)
    plan.put("coffee-table", 4, 14.25)
    plan.put("armchair-left", 7.5, 13.5)
    plan.put("lamp-floor", 1, 11.5)
    plan.put("plant-monstera", 1, 17)
    plan.zone("private", "Sunset sofas", 1, 11.25, 8, 6.75, 8)
    plan.put("rug-cool", 15, 15)
    plan.put("sofa-down", 16.5, 14.25)
    plan.put("sofa-up", 16.5, 18.25)
    plan.put("armchair-right", 14.5, 16)
    plan.put("armchair-left", 20.5, 16)
    plan.put("coffee-table", 17, 16.5)
    plan.zone("private", "Middle sofas", 14.25, 14, 8, 5.75, 8)
    plan.put("fireplace", 11.5, 20.5)
    plan.put("rug-round", 11.25, 22)
    plan.put("beanbag", 11.5, 23)
    plan.put("beanbag", 13.75, 23)
    plan.put("beanbag", 12.5, 24.25)
    plan.put("plant-fig", 26, 20.75)
    plan.put("armchair-left", 25.25, 22.5)
    plan.put("armchair-left", 25.25, 25)
    plan.put("coffee-table-round", 23, 23.75)
    plan.put("plant-snake", 26, 28)
    plan.put("coat-rack", 24, 28)


def games(plan: Plan) -> None:
    plan.put("ping-pong", 2, 22.5)
    plan.put("foosball", 6.5, 26.5)
    plan.row("arcade", (2, 3.75), 20)
    plan.put("picture-abstract", 8.5, 19)
    plan.put("bench", 1.5, 27.5)
    plan.put("plant-monstera", 9, 20)
    plan.zone("private", "Game corner", 1, 20, 9, 9, 12, lockable=True)


def terrace(plan: Plan) -> None:
    for x in range(28, 40, 2):
        plan.put("hedge", x, 0.25)
        plan.put("hedge", x, 29)
    for x, y in ((29, 4), (36, 3), (37, 8), (29.5, 24), (36, 25), (37, 19)):
        plan.put("tree" if (x + y) % 2 else "tree-birch", x, y)
    plan.put("tree-birch", 32, 6)
    plan.put("tree", 32, 25.75)
    plan.put("picnic-table", 30, 10.75)
    plan.put("picnic-table", 32.5, 18)
    plan.put("table-cafe", 36, 12)
    plan.put("stool", 35.25, 12.25)
    plan.put("stool", 37.25, 12.25)
    plan.column("bush", 38.25, (5, 11, 22, 27))
    plan.row("flower-bed", (28.5, 33.5), 22.25)
    plan.row("flower-bed", (33, 28.25), 9)
    plan.column("lantern", 36.25, (10.25, 20.75))
    plan.put("lantern", 28.5, 15.75)
    plan.put("bush", 33.5, 3)
    plan.put("bush", 34.5, 24)
    plan.zone("table", "Picnic table", 29.5, 10, 4, 3.5)
