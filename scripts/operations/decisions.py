"""A council's decision on a trigger: what the evidence carries, and the change of the company's seeds that it is."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from .files import replaced
from .place import PACKAGE, Place, Stop
from .seed_file import SeedFile

DECISIONS = ("promote", "tune", "retire", "keep")
# A status other than this, and the decision changes something.
STATUS = {"promote": "active", "retire": "retired"}
MARTS = ("trigger_scorecard", "threshold_sweep", "dim_triggers", "fct_account_signals_daily")


@dataclass(frozen=True)
class Evidence:
    """What the published marts say of a trigger, on the day after the last that they know whole."""

    trigger_id: str
    decided_on: date
    version: int
    verdict: str
    reason: str
    # signal, comparator, threshold in force, recommended one; None where no other is known to be better.
    threshold: tuple[str, str, float, float] | None


@dataclass(frozen=True)
class Decision:
    """The seeds as they stand and as they would, in pairs, and what to say about it."""

    evidence: Evidence
    changes: list[tuple[SeedFile, SeedFile]]

    def diff(self) -> str:
        return "".join(before.diff(after) for before, after in self.changes)

    def apply(self) -> None:
        """Writes all of them, each in one step; the record of the decision comes last."""
        for before, _ in self.changes:
            if before.path.read_bytes() != before.text.encode():
                raise Stop(f"{before.name} has changed meanwhile: decide again.")
        for _, after in self.changes:
            with replaced(after.path) as aside:
                aside.write_bytes(after.text.encode())
                shutil.copymode(after.path, aside)


def proposals(scorecard: pd.DataFrame) -> list[tuple[str, str]]:
    """Trigger and decision wherever the whole history's verdict asks for a change.

    The scorecard carries `status`, None where it is unknown; what is active already needs no promotion.
    """
    whole = scorecard[scorecard["period"] == "all"]
    return [
        (row.trigger_id, row.verdict)
        for row in whole.itertuples(index=False)
        if row.verdict in ("promote", "tune", "retire") and STATUS.get(row.verdict) != row.status
    ]


def decide(place: Place, trigger_id: str, decision: str, reason: str = "") -> Decision:
    """The decision as a change of seeds. Stops, in one sentence, where it cannot be made or the evidence does not carry it."""
    if decision not in DECISIONS:
        raise Stop(f"DECISION={decision} is unknown: expected {', '.join(DECISIONS[:-1])} or {DECISIONS[-1]}.")
    seeds = {name: _seed(place, name) for name in ("trigger_library", "trigger_conditions", "council_decisions")}
    library = seeds["trigger_library"]
    rows = {row["trigger_id"]: row for row in library.rows()}
    if trigger_id not in rows:
        raise Stop(f"TRIGGER={trigger_id} is not in {library.name}: expected one of {', '.join(sorted(rows))}.")
    row = rows[trigger_id]
    evidence = read_evidence(place, trigger_id)
    version = _version(library, row)
    if version != evidence.version:
        raise Stop(
            f"{library.name} has version {version} of {trigger_id} and the marts version {evidence.version}: build first,"
            " so that the evidence is this version's."
        )
    _expect_carried(evidence, decision, reason)
    if any(
        (made["decided_on"], made["trigger_id"], made["decision"]) == (str(evidence.decided_on), trigger_id, decision)
        for made in seeds["council_decisions"].rows()
    ):
        raise Stop(f"{seeds['council_decisions'].name} has this decision of {evidence.decided_on} already.")

    changes, library_values = [], {}
    if decision == "tune":
        changes.append((seeds["trigger_conditions"], _tuned(seeds["trigger_conditions"], evidence)))
        library_values = {"active_from": _next_day(evidence)} if row["status"] == "active" else {}
    elif decision in STATUS and row["status"] != STATUS[decision]:
        library_values = {"status": STATUS[decision]}
        if decision == "promote":
            library_values["active_from"] = _next_day(evidence)
    is_changed = bool(changes or library_values)
    if is_changed:
        library_values["version"] = str(version + 1)
        changes.append((library, library.changed(lambda row: row["trigger_id"] == trigger_id, library_values)))
    made = {
        "decided_on": str(evidence.decided_on),
        "trigger_id": trigger_id,
        "decision": decision,
        "from_version": str(version),
        "to_version": str(version + is_changed),
        "reason": reason or evidence.reason,
        "comment": f"Verdict {evidence.verdict}: {evidence.reason}" if reason else "",
    }
    changes.append((seeds["council_decisions"], seeds["council_decisions"].added(made)))
    return Decision(evidence, changes)


def read_evidence(place: Place, trigger_id: str) -> Evidence:
    """From the published marts. Stops where there are none, or none of the trigger."""
    file = place.data_dir / "marts.duckdb"
    if not (place.project / file).exists():
        raise Stop(f"{file} does not exist, so there is no evidence: build and publish first (make build).")
    try:
        with duckdb.connect(str(place.project / file), read_only=True) as marts:
            tables = {name for (name,) in marts.execute("select table_name from information_schema.tables").fetchall()}
            if absent := [mart for mart in MARTS if mart not in tables]:
                raise Stop(f"{file} has no table {', '.join(absent)}: build and publish first (make build).")
            found = marts.execute(
                "select verdict, reason, tuned_signal, tuned_comparator, tuned_from, tuned_to, version"
                " from trigger_scorecard inner join dim_triggers using (trigger_id)"
                " where period = 'all' and trigger_id = ?",
                [trigger_id],
            ).fetchone()
            if found is None:
                raise Stop(
                    f"{file} has no evidence on {trigger_id}: it is retired, or newer than the last build (make build)."
                )
            ((last_day,),) = marts.execute("select max(signal_on) from fct_account_signals_daily").fetchall()
            verdict, reason, *tuned, version = found
            return Evidence(
                trigger_id,
                last_day + timedelta(1),
                version,
                verdict,
                reason,
                tuple(tuned) if verdict == "tune" else _best_threshold(marts, trigger_id),
            )
    except duckdb.Error as error:
        raise Stop(f"{file} cannot be read: {str(error).splitlines()[0]}") from error


def _best_threshold(marts: duckdb.DuckDBPyConnection, trigger_id: str) -> Any:
    """What the sweep recommends where the verdict does not: the condition that gains most on time without a say in it."""
    return marts.execute(
        """select swept.signal, swept.comparator, current.threshold, swept.threshold
        from threshold_sweep as swept
        inner join threshold_sweep as current using (trigger_id, signal, comparator, part)
        where trigger_id = ? and part = 'test' and swept.is_recommended and not swept.is_current and current.is_current
        order by swept.f0_5 - current.f0_5 desc nulls last, swept.signal, swept.comparator, current.threshold
        limit 1""",
        [trigger_id],
    ).fetchone()


def _expect_carried(evidence: Evidence, decision: str, reason: str) -> None:
    if decision == "tune" and evidence.threshold is None:
        raise Stop(f"No other threshold of {evidence.trigger_id} is known to be better, so there is nothing to tune.")
    carried = evidence.verdict == decision or (decision == "keep" and evidence.verdict == "insufficient_data")
    if not carried and not reason:
        raise Stop(
            f"The evidence does not carry {decision} of {evidence.trigger_id}, its verdict is {evidence.verdict}"
            f" ({evidence.reason}): give REASON=... to decide so nevertheless."
        )


def _tuned(conditions: SeedFile, evidence: Evidence) -> SeedFile:
    signal, comparator, current, recommended = evidence.threshold

    def is_meant(row: dict[str, str]) -> bool:
        return (row["trigger_id"], row["signal"], row["comparator"]) == (
            evidence.trigger_id,
            signal,
            comparator,
        ) and abs(_number(conditions, row) - current) < 1e-9

    if not any(map(is_meant, conditions.rows())):
        raise Stop(
            f"{conditions.name} has no condition {signal} {comparator} {_plain(current)} of {evidence.trigger_id}, on which"
            " the evidence rests: build first."
        )
    return conditions.changed(is_meant, {"threshold": _plain(recommended)})


def _number(conditions: SeedFile, row: dict[str, str]) -> float:
    try:
        return float(row["threshold"])
    except ValueError:
        raise Stop(
            f"{conditions.name} has the threshold {row['threshold'] or '(empty)'} of {row['trigger_id']}: expected a number."
        ) from None


def _version(library: SeedFile, row: dict[str, str]) -> int:
    try:
        return int(row["version"])
    except ValueError:
        raise Stop(
            f"{library.name} has the version {row['version'] or '(empty)'} of {row['trigger_id']}: expected a whole number."
        ) from None


def _next_day(evidence: Evidence) -> str:
    """From the next day on: what has happened is not decided anew."""
    return str(evidence.decided_on + timedelta(1))


def _plain(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _seed(place: Place, name: str) -> SeedFile:
    """The project's own seed of that name; a package's is nobody's to change."""
    found = [file for file in sorted((place.project / "seeds").rglob(f"{name}.csv")) if "presets" not in file.parts]
    if len(found) > 1:
        listed = " and ".join(str(file.relative_to(place.project)) for file in found)
        raise Stop(f"{listed} are both seeds of that name: expected one.")
    expected = Path("seeds") / ("company" if place.project == PACKAGE else "") / f"{name}.csv"
    file = found[0] if found else place.project / expected
    return SeedFile.read(file, str(file.relative_to(place.project)))
