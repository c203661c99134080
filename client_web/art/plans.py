"""Writes the three template maps: `python -m client_web.art.plans`."""

from __future__ import annotations

from .plan_meeting import meeting
from .plan_office import office
from .plan_social import social


def main() -> None:
    for template, plan in (("office", office()), ("meeting", meeting()), ("social", social())):
        print(plan.save(template).name, len(plan.furniture), "pieces of furniture")


if __name__ == "__main__":
    main()
