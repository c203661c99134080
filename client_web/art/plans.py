"""Writes the five template maps: `python -m client_web.art.plans`."""

from __future__ import annotations

from .plan_campus import campus
from .plan_conference import conference
from .plan_meeting import meeting
from .plan_office import office
from .plan_social import social


def main() -> None:
    plans = {"office": office, "meeting": meeting, "social": social, "campus": campus, "conference": conference}
    for template, draw in plans.items():
        plan = draw()
        print(plan.save(template).name, len(plan.furniture), "pieces of furniture")


if __name__ == "__main__":
    main()
