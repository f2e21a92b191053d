"""The steps of a build, in order: nothing is published unless all that came before went well."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from . import changes, dbt_run, gate, landing, runs, turn, volumes
from . import summary as closing
from .place import Place, Stop


@dataclass
class Options:
    """What is built, and as of when."""

    as_of: str | None = None
    full_refresh: bool = False
    select: list[str] = field(default_factory=list)
    exclude: list[str] = field(default_factory=list)
    # One of selectors.yml, instead of the two above.
    selector: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)
    # Seconds to wait for who holds the warehouse.
    wait: float = turn.DEFAULT_WAIT


def build(place: Place, options: Options, tell: Callable[[str], None] = lambda line: None) -> None:
    """Looks at the landing, builds, checks, publishes and says what came of it; stops with sentences before the published
    marts change."""
    with place.entered(), turn.held(place.warehouse, "a build", options.wait):
        run = runs.begun(place, "build")
        with run.step("landing"):
            landing.check(place)
        # A build that fails halfway must not be pushed on the word of an earlier one.
        place.gate_file.unlink(missing_ok=True)
        variables = dict(options.variables) | ({"as_of": options.as_of} if options.as_of else {})
        with _timed(tell, "built"), run.step("dbt") as step:
            built = dbt_run.build(
                place, variables, options.full_refresh, options.select, options.exclude, options.selector
            )
            step.nodes = runs.counted(built)
        run.add(runs.rooms(built, runs.table_rows(place, built)))
        with _timed(tell, "checked"), run.step("gate") as step:
            report = gate.run(place)
            run.as_of = datetime.fromisoformat(report.as_of.removesuffix("Z"))
            step.warnings = report.warnings
            for warning in report.warnings:
                tell(f"warning: {warning}")
            if not report.passed:
                raise Stop(*report.failures)
        with run.step("volumes") as step:
            held = volumes.held(place)
            step.rows, step.warnings = sum(one.held for one in held), [one.sentence for one in held]
            for warning in step.warnings:
                tell(f"warning: {warning}")
        with run.step("publish") as step:
            step.rows = sum(publish(place, tell).values())
        changes.keep(place, report.landing)
        for line in closing.summary(place):
            tell(line)


def publish(place: Place, tell: Callable[[str], None] = lambda line: None) -> dict[str, int]:
    """Puts the warehouse's marts in the place of the published ones; returns the rows of each."""
    from publish_marts import PublishError
    from publish_marts import publish as publish_marts

    with _timed(tell, "published"):
        try:
            return publish_marts(place)
        except PublishError as error:
            raise Stop(str(error)) from error


class _timed:
    def __init__(self, tell: Callable[[str], None], step: str):
        self.tell, self.step = tell, step

    def __enter__(self) -> None:
        self.began = time.monotonic()

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.tell(f"{self.step} in {time.monotonic() - self.began:.1f} s")
