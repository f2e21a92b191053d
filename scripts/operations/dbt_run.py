"""Runs dbt in this process and turns what goes wrong into sentences."""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from . import data_tests
from .place import Place, Stop

# "Compilation Error in model int_triggers (models/intermediate/engine/int_triggers.sql)"
HEADER = re.compile(r"^[A-Z]\w+ Error(?: in (?P<kind>[\w ]+?) (?P<name>\S+) \((?P<path>[^)]+)\))?$")
TRACE = re.compile(r"^\s*> (in|called by) |^\s*compiled code at ")
SEED_VALUE = re.compile(
    r"CSV Error on Line: (?P<line>\d+).*?Error when converting column \"(?P<column>[^\"]+)\"\."
    r" Could not convert string \"(?P<value>.*?)\" to '?(?P<type>[^'.]+)"
)
SHOWN_FAILURES = 20
LONGEST_SENTENCE = 600


def build(
    place: Place,
    variables: dict[str, Any] | None = None,
    full_refresh: bool = False,
    select: list[str] | None = None,
    exclude: list[str] | None = None,
    selector: str | None = None,
) -> list[Any]:
    """`dbt build` without the unit tests, which are about the project and not about the data: the results of its nodes.

    Stops on failure.
    """
    arguments = ["build", "--exclude-resource-type", "unit_test"]
    arguments += ["--full-refresh"] if full_refresh else []
    arguments += ["--select", *select] if select else []
    arguments += ["--exclude", *exclude] if exclude else []
    arguments += ["--selector", selector] if selector else []
    arguments += ["--vars", json.dumps(variables)] if variables else []
    return list(invoke(place, arguments).results)


def invoke(place: Place, arguments: list[str]) -> Any:
    """One dbt command, silent on the terminal (logs/dbt.log has everything). Stops on failure with sentences."""
    outcome = run_dbt(place, arguments)
    if not outcome.success:
        raise Stop(*sentences(place, outcome))
    return outcome.result


def run_dbt(place: Place, arguments: list[str]) -> Any:
    """One dbt command with whatever came of it, a failure too."""
    from dbt.cli.main import dbtRunner

    folders = ["--project-dir", str(place.project), "--profiles-dir", str(place.profiles), "--target", place.target]
    with in_process():
        return dbtRunner(manifest=place.manifest).invoke(["--log-level", "none", "--no-print", *arguments, *folders])


@contextmanager
def in_process() -> Iterator[None]:
    """Around a dbt command: nothing looks for garbage meanwhile, and its database is closed afterwards.

    What dbt knows of a project is large and stays: each look at it costs time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
        close_warehouse()


def close_warehouse() -> None:
    """Closes the database that dbt keeps open, so that this process can open it in its own way."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    # dbt's own way of letting go leaves the closing to the garbage collector.
    if DuckDBConnectionManager._ENV is not None:
        DuckDBConnectionManager.env().close()
        DuckDBConnectionManager.close_all_connections()


def sentences(place: Place, outcome: Any) -> list[str]:
    """What went wrong, a sentence each; nodes that were only skipped say nothing."""
    if outcome.exception is not None:
        return [sentence(str(outcome.exception))]
    failed = [
        node for node in getattr(outcome.result, "results", []) if node.status in ("error", "fail", "runtime error")
    ]
    told = list(dict.fromkeys(failure(place, node) for node in failed))
    if len(told) > SHOWN_FAILURES:
        told = [*told[:SHOWN_FAILURES], f"{len(told) - SHOWN_FAILURES} more failures are in logs/dbt.log."]
    return told or ["dbt failed: see logs/dbt.log."]


def failure(place: Place, result: Any) -> str:
    """The sentence of one failed node."""
    if result.status == "fail":
        return data_tests.sentence(place, result)
    return sentence(str(result.message or ""), getattr(result.node, "original_file_path", ""))


def sentence(message: str, path: str = "") -> str:
    """A dbt error without its header, trace and indentation.

    An error that one of the project's macros raised on purpose is a sentence by itself; any other one is told with
    the file it happened in, on one line.
    """
    is_raised_by_macro = "> in macro" in message and message.lstrip().startswith("Compilation Error")
    told = []
    for line in message.splitlines():
        header = HEADER.match(line.strip())
        if header:
            path = path or header["path"] or ""
        elif line.strip() and not TRACE.match(line) and not line.strip().startswith(("LINE ", "^")):
            told.append(line.strip())
    text = " ".join(told) or "dbt failed without a message: see logs/dbt.log."
    seed_value = SEED_VALUE.search(text)
    if seed_value:
        found = seed_value.groupdict()
        where = f"{path}, line {found['line']}, column {found['column']}"
        return f"{where}: expected {found['type']}, not '{found['value']}'."
    if not is_raised_by_macro and path and path not in text:
        text = f"{path}: {text}"
    if len(text) > LONGEST_SENTENCE:
        text = f"{text[:LONGEST_SENTENCE]}... (logs/dbt.log has the rest)"
    return _ended(text)


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
