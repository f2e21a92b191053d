"""The council's decision as a change of seeds: shown, written, refused - and the change is one that git takes and dbt builds."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import decide as command
import duckdb
import pandas as pd
import pytest
from operations.decisions import proposals
from operations.seed_file import SeedFile
from support.built_world import ask, build_models, built, copied, project

SEEDS = ("trigger_library", "trigger_conditions", "council_decisions")
# Verdicts as a build may give them: of an active trigger, of two in shadow, and of one without data.
VERDICTS = {
    "seat_utilisation_high": (
        "tune",
        "seat_utilisation > 0.9 would raise F0.5 from 0.20 to 0.25 on 60 test events: tune",
    ),
    "team_added": ("promote", 'lift 3.8 (2.3-6.1), q < 0.001, 130 "untouched" index events: promote'),
    "budget_season": ("retire", "lift 0.9 (0.6-1.1), q 0.650, 891 untouched index events: retire"),
    "feature_breadth": ("insufficient_data", "3 complete, matched index events: insufficient data"),
    "enterprise_ready": ("promote", "lift 2.4 (1.6-3.5): promote"),
}


@pytest.fixture
def council(tmp_path) -> Path:
    """A project of its own with the shipped seeds and the marts of a small world, in which the verdicts are set."""
    folder = tmp_path / "company"
    (folder / "seeds/company").mkdir(parents=True)
    (folder / "data").mkdir()
    (folder / "dbt_project.yml").write_text("name: company\n")
    for name in SEEDS:
        shutil.copyfile(project().seed(name), folder / f"seeds/company/{name}.csv")
    shutil.copyfile(built() / "marts.duckdb", folder / "data/marts.duckdb")
    with duckdb.connect(str(folder / "data/marts.duckdb")) as marts:
        marts.execute("update trigger_scorecard set verdict = 'keep', reason = 'lift 1.2: keep' where period = 'all'")
        for trigger_id, (verdict, reason) in VERDICTS.items():
            marts.execute(
                "update trigger_scorecard set verdict = ?, reason = ? where period = 'all' and trigger_id = ?",
                [verdict, reason, trigger_id],
            )
        marts.execute(
            "update trigger_scorecard set tuned_signal = 'seat_utilisation', tuned_comparator = '>', tuned_from = 0.85,"
            " tuned_to = 0.9 where trigger_id = 'seat_utilisation_high' and period = 'all'"
        )
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    return folder


def run(folder: Path, trigger_id: str, decision: str, *options: str) -> int:
    return command.main(
        ["--data-dir", str(folder / "data"), "--trigger", trigger_id, "--decision", decision, *options], folder
    )


def seeds(folder: Path) -> dict[str, bytes]:
    return {name: (folder / f"seeds/company/{name}.csv").read_bytes() for name in SEEDS}


def row(folder: Path, name: str, trigger_id: str) -> dict[str, str]:
    """The trigger's last row."""
    file = folder / f"seeds/company/{name}.csv"
    return [row for row in SeedFile.read(file, name).rows() if row["trigger_id"] == trigger_id][-1]


def decided_on(folder: Path) -> str:
    (day,) = ask(folder / "data/marts.duckdb", "select max(signal_on) + 1 from fct_account_signals_daily")[0]
    return f"{day:%Y-%m-%d}"


def next_day(folder: Path) -> str:
    return f"{pd.Timestamp(decided_on(folder)) + pd.Timedelta(days=1):%Y-%m-%d}"


CASES = {
    "promote": ("team_added", {"status": "active", "version": "2"}),
    "tune": ("seat_utilisation_high", {"status": "active", "version": "2"}),
    "retire": ("budget_season", {"status": "retired", "version": "2"}),
    "keep": ("feature_breadth", {"status": "shadow", "version": "1"}),
}


@pytest.mark.parametrize("decision", CASES)
def test_what_is_shown_is_what_is_written(council, capsys, decision):
    trigger_id, expected = CASES[decision]
    before = seeds(council)
    assert run(council, trigger_id, decision) == 0
    shown = capsys.readouterr().out
    assert seeds(council) == before and "Nothing was changed." in shown
    diff = shown[shown.index("--- a/") : shown.index("\nNothing was changed.")]

    assert run(council, trigger_id, decision, "--apply") == 0
    written = seeds(council)
    changed = {name for name in SEEDS if written[name] != before[name]}
    assert (
        changed
        == {
            "promote": {"trigger_library", "council_decisions"},
            "tune": set(SEEDS),
            "retire": {"trigger_library", "council_decisions"},
            "keep": {"council_decisions"},
        }[decision]
    )
    library = row(council, "trigger_library", trigger_id)
    assert {key: library[key] for key in expected} == expected
    moves = decision in ("promote", "tune")
    assert library["active_from"] == (next_day(council) if moves else "2026-01-01")
    assert row(council, "council_decisions", trigger_id) == {
        "decided_on": decided_on(council),
        "trigger_id": trigger_id,
        "decision": decision,
        "from_version": "1",
        "to_version": expected["version"],
        "reason": VERDICTS[trigger_id][1],
        "comment": "",
    }
    if decision == "tune":
        assert row(council, "trigger_conditions", trigger_id)["threshold"] == "0.9"

    # The diff alone, on the seeds as they were, gives the same bytes.
    for name, content in before.items():
        (council / f"seeds/company/{name}.csv").write_bytes(content)
    (council / "change.diff").write_text(diff)
    subprocess.run(["git", "apply", "--unidiff-zero", "change.diff"], cwd=council, check=True)
    assert seeds(council) == written


def test_a_build_acts_on_it(council, tmp_path):
    """The written seeds build: one trigger fires from the next day on, another one no more, a third at its new threshold."""
    for decision in ("promote", "tune", "retire"):
        assert run(council, CASES[decision][0], decision, "--apply") == 0
    data_dir = copied(tmp_path / "built", with_warehouse=True)
    originals = {name: project().seed(name).read_bytes() for name in SEEDS}
    try:
        for name, content in seeds(council).items():
            target = project().seed(name)
            target.unlink()
            target.write_bytes(content)
        build_models(data_dir, *SEEDS, "int_triggers", "dim_triggers", "decision_outcomes")
    finally:
        for name, content in originals.items():
            project().seed(name).write_bytes(content)
    warehouse = data_dir / "warehouse.duckdb"
    assert ask(
        warehouse,
        "select trigger_id, status, version, conditions from marts.dim_triggers"
        " where trigger_id in ('team_added', 'seat_utilisation_high', 'budget_season') order by 1",
    ) == [
        ("budget_season", "retired", 2, "days_to_fiscal_year_end between 45 and 75"),
        ("seat_utilisation_high", "active", 2, "seat_utilisation > 0.9"),
        ("team_added", "active", 2, "active_users_28d >= 10 and teams_added_30d >= 1"),
    ]
    assert ask(warehouse, "select count(*) from intermediate.int_triggers where trigger_id = 'budget_season'") == [(0,)]
    assert {
        (trigger_id, decision)
        for trigger_id, decision in ask(warehouse, "select trigger_id, decision from marts.decision_outcomes")
    } >= {(CASES[decision][0], decision) for decision in ("promote", "tune", "retire")}


def refused(folder: Path, capsys, trigger_id: str, decision: str, *options: str) -> str:
    """The one sentence; nothing is written."""
    before = seeds(folder)
    assert run(folder, trigger_id, decision, "--apply", *options) == 1
    told = capsys.readouterr()
    assert seeds(folder) == before and told.out == ""
    (sentence,) = told.err.splitlines()
    return sentence


def test_what_the_evidence_does_not_carry_wants_a_reason(council, capsys):
    told = refused(council, capsys, "budget_season", "promote")
    assert "does not carry promote of budget_season, its verdict is retire" in told and "REASON" in told
    assert "does not carry promote" in refused(council, capsys, "feature_breadth", "promote")
    assert "does not carry keep" in refused(council, capsys, "team_added", "keep")
    assert run(council, "budget_season", "promote", "--apply", "--reason", 'The board says "yes",\nfor now') == 0
    made = row(council, "council_decisions", "budget_season")
    assert made["reason"] == 'The board says "yes", for now'
    assert made["comment"] == f"Verdict retire: {VERDICTS['budget_season'][1]}"
    assert row(council, "trigger_library", "budget_season")["status"] == "active"


def test_what_is_active_already_is_only_recorded(council):
    assert run(council, "enterprise_ready", "promote", "--apply") == 0
    assert row(council, "council_decisions", "enterprise_ready")["to_version"] == "1"
    assert row(council, "trigger_library", "enterprise_ready")["version"] == "1"


def test_bad_input_is_told_in_one_sentence(council, capsys):
    assert "TRIGGER=nobody is not in seeds/company/trigger_library.csv" in refused(council, capsys, "nobody", "keep")
    assert "DECISION=fire is unknown: expected promote, tune, retire or keep." in refused(
        council, capsys, "team_added", "fire"
    )
    assert "expected make decide TRIGGER=... DECISION=" in refused(council, capsys, "", "keep")
    with duckdb.connect(str(council / "data/marts.duckdb")) as marts:
        marts.execute("delete from threshold_sweep where trigger_id = 'team_added'")
        marts.execute("delete from trigger_scorecard where trigger_id = 'intent_surge'")
        marts.execute("update dim_triggers set version = 3 where trigger_id = 'budget_season'")
    assert "nothing to tune" in refused(council, capsys, "team_added", "tune", "--reason", "why not")
    assert "no evidence on intent_surge" in refused(council, capsys, "intent_surge", "keep")
    assert "version 1 of budget_season and the marts version 3" in refused(council, capsys, "budget_season", "retire")
    conditions = council / "seeds/company/trigger_conditions.csv"
    conditions.write_text(conditions.read_text().replace("seat_utilisation,>,0.85", "seat_utilisation,>,high"))
    assert "has the threshold high of seat_utilisation_high" in refused(
        council, capsys, "seat_utilisation_high", "tune"
    )
    conditions.write_text(conditions.read_text().replace("seat_utilisation,>,high", "seat_utilisation,>,0.7"))
    assert "has no condition seat_utilisation > 0.85" in refused(council, capsys, "seat_utilisation_high", "tune")
    assert run(council, "feature_breadth", "keep", "--apply") == 0
    capsys.readouterr()
    assert "has this decision of" in refused(council, capsys, "feature_breadth", "keep")
    (council / "data/marts.duckdb").unlink()
    assert "does not exist, so there is no evidence" in refused(council, capsys, "team_added", "promote")
    (council / "seeds/company/council_decisions.csv").write_text("")
    assert run(council, "team_added", "promote") == 1
    assert "council_decisions.csv is empty" in capsys.readouterr().err
    (council / "seeds/company/council_decisions.csv").unlink()
    assert run(council, "team_added", "promote") == 1
    assert "seeds/council_decisions.csv is missing" in capsys.readouterr().err


def test_only_the_row_meant_changes(tmp_path):
    """A byte order mark, CRLF, quoted line breaks, odd separators and a last line without its end stay as they are."""
    file = tmp_path / "seed.csv"
    file.write_bytes(
        '\ufeffid,note,n\r\na,"two\r\nlines ""quoted""",1\r\nb,odd\u2028line,2\r\nc,"last, of all",3'.encode()
    )
    seed = SeedFile.read(file, "seed.csv")
    assert [row["id"] for row in seed.rows()] == ["a", "b", "c"]
    changed = seed.changed(lambda row: row["id"] == "b", {"n": "9"}).added({"id": "d", "note": 'x "y"'})
    assert changed.text == (
        '\ufeffid,note,n\r\na,"two\r\nlines ""quoted""",1\r\nb,odd\u2028line,9\r\nc,"last, of all",3\r\nd,"x ""y""",\r\n'
    )
    assert "\\ No newline at end of file" in seed.diff(changed)


def test_a_proposal_is_a_verdict_that_would_change_something():
    rows = [
        ("a", "all", "promote", "shadow"),
        ("b", "all", "promote", "active"),
        ("c", "all", "retire", "active"),
        ("d", "all", "tune", "active"),
        ("e", "all", "keep", "shadow"),
        ("f", "2026-05", "retire", "active"),
    ]
    scorecard = pd.DataFrame(rows, columns=["trigger_id", "period", "verdict", "status"])
    assert proposals(scorecard) == [("a", "promote"), ("c", "retire"), ("d", "tune")]
