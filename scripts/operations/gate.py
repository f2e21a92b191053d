"""The quality gate: the suites of `quality/` on what landed and on what is about to leave.

A suite names its frame, a query on the warehouse; frames whose names begin with an underscore only serve the others.
Great Expectations works on pandas frames, so whatever is large is counted in the engine first: what reads a source is a
query that every engine understands, what reads marts and other frames is one of DuckDB. Frames hold ids and
measures, never a name or an e-mail: what fails is shown in reports that people pass on.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from . import changes, data_docs
from .files import replaced
from .place import PACKAGE, Place, Stop
from .relations import Relation, Relations
from .warehouse import Unreadable, Warehouse, is_missing, opened

if TYPE_CHECKING:
    import pandas

ISO = "%Y-%m-%dT%H:%M:%S.%fZ"
STAMP = "%Y-%m-%dT%H:%M:%S.%fZ"
SHOWN_ROWS = 5


@dataclass
class Report:
    """What the gate found. Failures and warnings are sentences; warnings stop nothing."""

    as_of: str
    build_id: str
    failures: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    expectations: int = 0
    # What the landed tables looked like.
    landing: changes.Profile = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return not self.failures


def run(place: Place) -> Report:
    """Validates every suite, writes the data docs and `quality_gate.json`, and returns what was found."""
    place.gate_file.unlink(missing_ok=True)
    suites = read_suites()
    report, frames = read_frames(place, suites)
    for suite, result in validate(suites, frames, place.data_docs):
        report.expectations += 1
        if not result.success:
            told = report.warnings if is_warning(result) else report.failures
            told.append(sentence(suite, result))
    report.landing = changes.profile(place, datetime.strptime(report.as_of, ISO))
    report.warnings += changes.since(place, report.landing)
    write(place.gate_file, report)
    return report


def read_suites() -> list[dict[str, Any]]:
    """The suites as they stand in `quality/suites`, in order of their names."""
    return [json.loads(file.read_text()) for file in sorted((PACKAGE / "quality" / "suites").glob("*.json"))]


def read_frames(place: Place, suites: list[dict[str, Any]]) -> tuple[Report, dict[str, pandas.DataFrame]]:
    """The newest build of the warehouse, and a frame for every suite. The warehouse is closed again afterwards."""
    if is_missing(place):
        raise Stop(f"{place.warehouse} is missing: build it first (make build).")
    relations = Relations.of(place)
    try:
        with opened(place) as warehouse:
            newest = warehouse.newest(relations.ref("int_engine_runs"), "as_of")
            if newest is None:
                raise Stop(f"{place.warehouse} holds no finished build: build it first (make build).")
            built_at = newest["as_of"].strftime(ISO)
            ((clock,),) = warehouse.ask(f"select as_of from {warehouse.named(relations.ref('int_clock'))}")
            # The urgent path moves the clock ahead of the last whole build; nothing moves it back.
            if clock < newest["as_of"]:
                raise Stop(
                    f"{place.warehouse} was built in part as of {clock.strftime(ISO)}, its firings as of {built_at}:"
                    " build it whole."
                )
            for file in sorted((PACKAGE / "quality" / "frames").glob("*.sql")):
                _frame(warehouse, relations, file.stem, file.read_text())
            return Report(built_at, newest["build_id"]), {
                suite["name"]: warehouse.connection.table(f'temp."{suite["meta"]["frame"]}"').df() for suite in suites
            }
    except (duckdb.Error, Unreadable) as error:
        raise Stop(f"The quality gate cannot read {place.warehouse}: {str(error).splitlines()[0]}") from error


def _frame(warehouse: Warehouse, relations: Relations, name: str, query: str) -> None:
    if "source(" in query:
        warehouse.keep(name, relations.rendered(query, warehouse.named))
        return
    read: list[Relation] = []
    rendered = relations.rendered(query, lambda relation: read.append(relation) or str(relation))
    warehouse.bring(*read)
    warehouse.connection.execute(f'create temp table "{name}" as {rendered}')


def validate(
    suites: list[dict[str, Any]], frames: dict[str, pandas.DataFrame], docs: Path
) -> list[tuple[dict[str, Any], Any]]:
    """(suite, result of one expectation) for all of them, in the suites' order; writes the data docs."""
    # Both are read when the package is imported, which takes seconds: only here.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx

    for name in ("great_expectations", "great_expectations.data_context.types.base"):
        logging.getLogger(name).setLevel(logging.WARNING)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    for site in context.get_site_names():
        context.delete_data_docs_site(site)
    source = context.data_sources.add_pandas("warehouse")
    results = []
    with data_docs.written(docs, PACKAGE / "quality" / "data_docs.css") as folder:
        context.add_data_docs_site("data_docs", data_docs.site(folder))
        for raw in suites:
            suite = context.suites.add(
                gx.ExpectationSuite(name=raw["name"], expectations=numbered(raw["expectations"]), meta=raw["meta"])
            )
            batch = source.add_dataframe_asset(raw["meta"]["table"]).add_batch_definition_whole_dataframe(
                "newest build"
            )
            validation = context.validation_definitions.add(
                gx.ValidationDefinition(name=raw["name"], data=batch, suite=suite)
            )
            checkpoint = context.checkpoints.add(
                gx.Checkpoint(
                    name=raw["name"],
                    validation_definitions=[validation],
                    result_format={
                        "result_format": "COMPLETE",
                        "unexpected_index_column_names": raw["meta"]["keys"],
                        "partial_unexpected_count": SHOWN_ROWS,
                        "include_unexpected_rows": False,
                    },
                )
            )
            outcome = checkpoint.run(batch_parameters={"dataframe": frames[raw["name"]]})
            for run_result in outcome.run_results.values():
                ordered = sorted(run_result.results, key=_position)
                results += [(raw, result) for result in ordered]
        context.build_data_docs()
    return results


def numbered(expectations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Expectations that know their place in the suite: the library returns results in an order of its own."""
    return [raw | {"meta": raw.get("meta", {}) | {"position": n}} for n, raw in enumerate(expectations)]


def sentence(suite: dict[str, Any], result: Any) -> str:
    """Table, expectation, what is expected, and the keys of a few rows that do not meet it."""
    raw = suite["expectations"][_position(result)]
    name = f"{raw['type']}({_subject(raw['kwargs'])})"
    told = f"quality gate: {suite['meta']['table']}: {name} failed"
    if "meta" in raw:
        told += f" (expected: {raw['meta']['notes']})"
    raised = [info["exception_message"] for info in _exceptions(result.exception_info) if info["raised_exception"]]
    if raised:
        return f"{told}: {raised[0]}"
    found = result.result
    missing = (found.get("details") or {}).get("mismatched", {}).get("missing")
    if missing:
        return f"{told}: missing {', '.join(missing)}."
    if "unexpected_count" in found:
        told += f" on {found['unexpected_count']} of {found['element_count']} rows"
        rows = list(dict.fromkeys(_row(row, suite["meta"]["keys"]) for row in found.get("unexpected_index_list") or []))
        if rows:
            told += f", such as {'; '.join(rows[:SHOWN_ROWS])}"
    elif "observed_value" in found:
        told += f": observed {found['observed_value']}"
    return f"{told}."


def write(file: Path, report: Report) -> None:
    """The verdict that publishing and pushing obey."""
    verdict = {
        "passed": report.passed,
        "as_of": report.as_of,
        "build_id": report.build_id,
        "checked_at": datetime.now(UTC).strftime(STAMP),
        "expectations": report.expectations,
        "failures": report.failures,
        "warnings": report.warnings,
    }
    with replaced(file) as aside:
        aside.write_text(json.dumps(verdict, indent=2) + "\n")


def is_warning(result: Any) -> bool:
    """Whether an expectation that does not hold stops nothing."""
    return str(getattr(result.expectation_config.severity, "value", result.expectation_config.severity)) != "critical"


def _subject(kwargs: dict[str, Any]) -> str:
    columns = [kwargs[name] for name in ("column", "column_A", "column_B") if name in kwargs]
    where = [f"where {kwargs['row_condition']}"] if kwargs.get("row_condition") else []
    return " ".join([", ".join(columns), *where]).strip()


def _position(result: Any) -> int:
    return result.expectation_config.meta["position"]


def _exceptions(info: dict[str, Any]) -> list[dict[str, Any]]:
    """One record, or one a metric: the library has both forms."""
    if "raised_exception" in info:
        return [info]
    return [record for record in info.values() if isinstance(record, dict)]


def _row(values: dict[str, Any], keys: list[str]) -> str:
    return ", ".join(f"{key} {values.get(key)}" for key in keys)
