"""The meeting room: a long table, a stage with its audience, a small lounge and two booths."""

from __future__ import annotations

from .plan import Plan


def meeting() -> Plan:
    plan = Plan(
        "Meeting room",
        "A long table, a stage with an audience, a small lounge and two booths for side talks.",
        24,
        18,
        "wood",
    )
    plan.shell(0, 0, 24, 18)
    plan.windows((0, 5, 1, 4), (23, 4, 1, 5), (8, 17, 3, 1), (15, 17, 2, 1))
    # Booths in both southern corners.
    for x, edge in ((0, 5), (18, 18)):
        plan.wall(x, 12, 6, 1)
        plan.wall(edge, 12, 1, 6)
    plan.windows((1, 12, 2, 1), (21, 12, 2, 1))
    plan.lay("carpet-blue", 11, 1, 12, 11)
    plan.lay("carpet-sand", 1, 13, 4, 4)
    plan.lay("carpet-sand", 19, 13, 4, 4)
    plan.door(3, 12, "h", "wood", False)
    plan.door(18, 14, "v", "glass", True)

    plan.put("rug-cool", 2.5, 4)
    plan.put("table-large", 2.5, 5)
    plan.row("chair-down", (2.75, 4.25, 5.75, 7.25), 3.75)
    plan.row("chair-up", (2.75, 4.25, 5.75, 7.25), 7)
    plan.put("chair-right", 1.25, 5.25)
    plan.put("chair-left", 8.75, 5.25)
    plan.put("clock", 7, 0)
    plan.put("whiteboard", 1.5, 1)
    plan.put("plant-fig", 1, 10.75)
    plan.put("bookshelf-low", 5, 1)
    plan.put("coffee-machine", 8, 1)

    plan.put("stage", 13, 1)
    plan.put("screen", 15, 0)
    plan.put("lectern", 13.5, 2.5)
    plan.put("speaker", 11.75, 1.25)
    plan.put("speaker", 21.5, 1.25)
    for y in (6.5, 8.25, 10):
        plan.row("bench", (13.5, 17.5), y)
    plan.put("plant-monstera", 22, 10.75)
    plan.put("plant-fig", 10.75, 1)
    plan.zone("stage", "Stage", 13, 1, 8, 4, 6)
    plan.zone("audience", "Audience", 11, 6, 12, 6)

    plan.put("rug-round", 7.25, 12.5)
    plan.put("sofa-right", 6.5, 13)
    plan.put("armchair-left", 10.5, 12.75)
    plan.put("armchair-left", 10.5, 14.75)
    plan.put("coffee-table-round", 8.75, 13.5)
    plan.put("lamp-floor", 6.75, 11.5)
    plan.put("plant-fig", 17, 12.25)
    plan.put("plant-snake", 6.25, 16.25)
    plan.put("plant-snake", 17, 16.25)
    plan.put("doormat", 13, 15.75)
    plan.put("picture-trio", 19, 12)

    for x, name in ((1, "West booth"), (19, "East booth")):
        plan.put("table-round", x + 1, 13.75)
        plan.put("chair-right", x, 14)
        plan.put("chair-left", x + 3, 14)
        plan.put("chair-down", x + 1.5, 13)
        plan.zone("private", name, x, 13, 4, 4, 4, lockable=True)
    plan.zone("private", "Lounge", 6.25, 12, 5.75, 5, 6)
    plan.zone("spawn", "Entrance", 12.5, 13, 3.5, 4)
    plan.zone("table", "Long table", 1, 3.5, 9, 4.75)
    plan.spawn((13, 14), (14, 14), (15, 14), (13.25, 15.5), (14.5, 15.5), (14, 12.5), (12, 11), (10, 10.5))
    return plan
