"""The campus: a square with a fountain, a pond, a lecture lawn with its stage, a library, pavilions and stalls."""

from __future__ import annotations

from .plan import Plan


def campus() -> Plan:
    plan = Plan(
        "Campus",
        "Out of doors: a square with a fountain, a lecture lawn, a pond, a quiet library and pavilions to meet in.",
        60,
        44,
        "grass",
    )
    paths(plan)
    library(plan)
    pavilion(plan, 3, 30, "West pavilion")
    pavilion(plan, 14, 30, "South pavilion")
    lecture_lawn(plan)
    square(plan)
    waterside(plan)
    market(plan)
    edges(plan)
    plan.zone("spawn", "Gate", 26, 38, 8, 5)
    plan.spawn(
        (27, 39),
        (29, 39),
        (31, 39),
        (33, 39),
        (28, 41),
        (30, 41),
        (32, 41),
        (28, 36),
        (31.5, 36),
        (30, 34),
        (22, 22),
        (37.5, 22),
    )
    return plan


def paths(plan: Plan) -> None:
    plan.lay("gravel", 28, 28, 4, 16)
    plan.lay("gravel", 0, 20, 60, 3)
    plan.lay("gravel", 28, 0, 4, 16)
    plan.lay("gravel", 7, 22, 3, 8)
    plan.lay("gravel", 10, 27, 10, 2)
    plan.lay("gravel", 18, 28, 2, 3)
    plan.lay("gravel", 48, 7, 3, 14)
    plan.lay("paving", 21, 15, 18, 13)


def library(plan: Plan) -> None:
    plan.wall(2, 2, 18, 1)
    plan.wall(2, 15, 18, 1)
    plan.wall(2, 2, 1, 14)
    plan.wall(19, 2, 1, 14)
    plan.windows((5, 15, 3, 1), (13, 15, 3, 1), (19, 5, 1, 3), (2, 6, 1, 4))
    plan.lay("wood-dark", 2, 2, 18, 14)
    plan.door(10, 15, "h", "glass", True)
    plan.lay("gravel", 10, 16, 2, 4)
    plan.row("bookshelf", (3.5, 5.5, 7.5, 12.5, 14.5), 3)
    plan.put("bookshelf-low", 17, 3)
    plan.put("picture-landscape", 10, 2)
    plan.put("rug-cool", 8, 6)
    for x, y in ((4, 7), (13, 7), (4, 11), (13, 11)):
        plan.put("table-round", x, y)
        plan.put("chair-right", x - 1, y + 0.5)
        plan.put("chair-left", x + 2, y + 0.5)
        plan.put("chair-down", x + 0.5, y - 1)
    plan.put("sofa-down", 9, 6)
    plan.put("coffee-table", 9.5, 8)
    plan.put("armchair-up", 9.75, 9.5)
    plan.put("lamp-floor", 12.25, 6)
    plan.put("plant-fig", 3, 13.75)
    plan.put("plant-monstera", 18, 13.75)
    plan.zone("silent", "Library", 3, 3, 16, 12, 40)


def pavilion(plan: Plan, x: int, y: int, name: str) -> None:
    plan.wall(x, y, 9, 1)
    plan.wall(x, y + 8, 9, 1)
    plan.wall(x, y, 1, 9)
    plan.wall(x + 8, y, 1, 9)
    plan.windows((x + 1, y + 8, 3, 1), (x + 6, y + 8, 1, 1), (x, y + 3, 1, 3), (x + 8, y + 3, 1, 3))
    plan.lay("parquet", x, y, 9, 9)
    plan.door(x + 4, y, "h", "wood", True)
    plan.put("table-large", x + 2, y + 3.75)
    plan.row("chair-down", (x + 2.25, x + 4.25, x + 6.25), y + 2.5)
    plan.row("chair-up", (x + 2.25, x + 4.25, x + 6.25), y + 5.75)
    plan.put("plant-snake", x + 1, y + 1)
    plan.put("plant-fig", x + 7, y + 1)
    plan.zone("private", name, x + 1, y + 1, 7, 7, 10)


def lecture_lawn(plan: Plan) -> None:
    plan.lay("terrace", 38, 1, 18, 6)
    plan.put("stage", 43, 2)
    plan.put("lectern", 43.5, 3.5)
    plan.put("speaker", 41.75, 3)
    plan.put("speaker", 51.25, 3)
    for y in (8.5, 10.25, 12, 13.75):
        plan.row("bench", (40, 43, 45.25, 51.5, 54), y)
    plan.zone("stage", "Open-air stage", 43, 2, 8, 4, 8)
    plan.zone("audience", "Lecture lawn", 39, 8, 18, 7, 120)
    plan.column("street-lamp", 38.5, (8, 13))
    plan.column("street-lamp", 57, (8, 13))


def square(plan: Plan) -> None:
    plan.put("fountain", 28, 20)
    plan.put("park-bench-down", 23, 16)
    plan.put("park-bench-down", 34.5, 16)
    plan.put("park-bench-up", 23, 26.5)
    plan.put("park-bench-up", 34.5, 26.5)
    for x, y in ((21.25, 15.25), (38.25, 15.25), (21.25, 27), (38.25, 27)):
        plan.put("street-lamp", x, y)
    plan.row("flower-bed", (25.5, 32.5), 15.25)
    plan.put("signpost", 33.5, 29)
    plan.put("bike-rack", 24, 29.25)
    plan.put("parasol-table", 22, 23)
    plan.put("parasol-table", 35.5, 23)
    plan.zone("private", "North-west bench", 22.5, 15.5, 3, 2.5, 4)
    plan.zone("private", "North-east bench", 34.25, 15.5, 3, 2.5, 4)
    plan.zone("private", "West parasol", 21.5, 22.5, 3, 3.25, 4)
    plan.zone("private", "East parasol", 35, 22.5, 3, 3.25, 4)


def waterside(plan: Plan) -> None:
    plan.put("pond", 43, 30)
    plan.put("park-bench-down", 46.5, 27.5)
    plan.put("park-bench-up", 46.5, 37.25)
    plan.put("boulder", 41, 30)
    plan.put("boulder", 54, 35)
    plan.put("picnic-table", 54, 26)
    plan.put("picnic-table", 38, 36)
    plan.zone("private", "Waterside table", 53.5, 25, 4, 4, 6)
    plan.zone("private", "Picnic table", 37.5, 35, 4, 4, 6)
    plan.zone("private", "Pond bench", 46, 27, 3.5, 2.25, 4)
    for x, y in ((40.5, 26), (56.25, 31), (52, 39), (42, 39)):
        plan.put("street-lamp", x, y)


def market(plan: Plan) -> None:
    plan.lay("terrace", 23, 4, 5, 6)
    plan.lay("terrace", 32, 4, 5, 6)
    plan.put("kiosk", 23.5, 3)
    plan.put("kiosk", 32.5, 3)
    for x in (24, 33):
        plan.put("parasol-table", x, 7)
    plan.zone("private", "Kiosk table", 23.5, 6.5, 3, 3, 4)


def edges(plan: Plan) -> None:
    trees = ("tree", "tree-birch", "tree-pine")
    places = (
        (21, 1), (37, 11), (0.5, 17), (4.5, 24), (12, 23.5), (1, 26), (24, 32), (25, 37), (33.5, 33), (34, 40),
        (13, 40.5), (4, 40.5), (20, 40), (57, 1), (37, 1.5), (57, 17), (41, 23.75), (51, 23.75), (57, 40), (47, 40),
        (24.5, 11.5), (34, 11.5), (53, 17), (43, 17), (25, 41.5), (0.25, 35), (10, 41),
    )  # fmt: skip
    for n, (x, y) in enumerate(places):
        plan.put(trees[n * 5 % 3], x, y)
    for x in (0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 34, 36, 38, 40, 42, 44, 46, 48, 50, 52, 54, 56, 58):
        plan.put("hedge", x, 43.25)
    plan.row("hedge", (22, 24, 26, 32, 34, 36, 38, 40, 52, 54, 56, 58), 0.25)
    plan.column("bush", 26, (30, 34.75))
    plan.column("bush", 32.75, (30.5, 37))
    plan.row("bush", (3.5, 14.5), 17)
    plan.column("street-lamp", 27, (10, 13, 33, 40))
    plan.column("street-lamp", 32.5, (10, 13, 35, 42))
    plan.row("street-lamp", (3, 13, 44, 52), 19.25)
