"""Looks at everything, one concern after the other."""

from __future__ import annotations

from typing import Any

from operations.place import Place

from . import catalogue, clocks, crm, identity, money, people, places, support, tables, tracking, triggers, views
from .finding import Examination
from .landing import Landing
from .settings import Settings

CONCERNS = (tables, clocks, identity, money, tracking, catalogue, crm, places, people, support, triggers)


def examine(place: Place, over: dict[str, Any] | None = None) -> Examination:
    """All that is missing in the landing and the configuration of a place; stops where those cannot be read at all."""
    settings = Settings.read(place.project, over)
    with Landing.opened(place, settings) as landing:
        landed = [table for table in landing.tables.values() if table.is_landed]
        result = Examination(place.raw_location, sorted({table.vendor for table in landed}), len(landed))
        if not landed:
            # Everything else would follow from that.
            result.findings = tables.nothing_landed(landing)
            return result
        views.make(landing)
        for concern in CONCERNS:
            result.findings += concern.check(landing)
    return result
