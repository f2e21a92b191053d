"""Runs are data: what ran, how it ended and what it held back stands in build_runs, whatever ends a run."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import approve
import duckdb
import pytest
from operations import dbt_run, pipeline, runs
from operations.place import Place, Stop
from support.built_world import ask, built, copied, landed, project, rewrite
from support.project import ROOT, VALIDATION

# Validation says nothing of runs, and data tests judge the models: neither is part of the story.
LEFT_OUT = [*VALIDATION, "test_type:data"]
STORY = """
    select
        cast(as_of as date), command,
        case when bool_or(result = 'killed') then 'killed' else max_by(result, position) end,
        string_agg(message, ' ' order by position) filter (where step in ('gate', 'volumes'))
    from build_runs group by run_id, as_of, command order by run_id
"""


@pytest.fixture(autouse=True)
def _no_landing_elsewhere(monkeypatch):
    monkeypatch.delenv("RAW_LOCATION", raising=False)
    monkeypatch.delenv("DATA_DIR", raising=False)


def place(data_dir: Path) -> Place:
    return Place.find(data_dir, project().folder, project().manifest)


def noted(data_dir: Path, columns: str, where: str = "true") -> list[tuple]:
    """Rows of the notes themselves, published or not."""
    files = f"{data_dir}/raw/operations/build_runs/*.parquet"
    return duckdb.sql(
        f"select distinct {columns}, run_id, position from read_parquet('{files}') where {where} order by run_id, position"
    ).fetchall()


def test_a_step_is_noted_when_it_begins_and_when_it_ends(tmp_path):
    run = runs.begun(place(tmp_path), "build")
    with run.step("landing") as step:
        assert [row[:3] for row in noted(tmp_path, "step, result, ended_at")] == [("landing", "running", None)]
        step.rows = 7
    with pytest.raises(Stop), run.step("gate"):
        raise Stop("One thing is wrong.", "Another is, too.")
    with pytest.raises(KeyError), run.step("publish"):
        raise KeyError("x")
    told = [row[:5] for row in noted(tmp_path, "step, result, row_count, message, ended_at >= started_at")]
    assert told == [
        ("landing", "done", 7, None, True),
        ("gate", "stopped", None, "One thing is wrong. Another is, too.", True),
        ("publish", "failed", None, "KeyError: 'x'", True),
    ]


def test_who_comes_next_finds_what_was_killed(tmp_path):
    killed = runs.begun(place(tmp_path), "build")
    with killed.step("landing"):
        pass
    killed.steps.append(runs.Step("dbt", runs.now()))
    killed.write()
    runs.begun(place(tmp_path), "urgent")
    assert [row[:3] for row in noted(tmp_path, "step, result, ended_at is null")] == [
        ("landing", "done", False),
        ("dbt", "killed", True),
    ]


def test_past_months_are_a_file_each_and_no_row_is_lost(tmp_path):
    folder = tmp_path / "raw/operations/build_runs"
    for day in range(1, 4):
        run = runs.begun(place(tmp_path), "build")
        run.run_id = f"2020-01-0{day}T00-00-00-000000-abcdef"
        with run.step("landing"):
            pass
    kept = folder / "2020-01-03T00-00-00-000000-abcdef.parquet"
    copy = kept.read_bytes()
    runs.begun(place(tmp_path), "build")
    assert [file.name for file in folder.iterdir()] == ["2020-01.parquet"]
    # Killed between the month's file and the removal of the single one.
    kept.write_bytes(copy)
    assert len(noted(tmp_path, "step")) == 3
    runs.begun(place(tmp_path), "build")
    assert [file.name for file in folder.iterdir()] == ["2020-01.parquet"] and len(noted(tmp_path, "step")) == 3


def test_another_seed_is_another_version_of_the_seeds_alone():
    before = runs.versions(place(Path("unused")))
    file = project().seed("tiers")
    text = file.read_text()
    try:
        file.write_text(text + "\n")
        after = runs.versions(place(Path("unused")))
    finally:
        file.write_text(text)
    assert (before[0], before[2]) == (after[0], after[2]) and before[1] != after[1]
    assert before[2] == f"dbt-core 1.11.16, duckdb {duckdb.__version__}"


@pytest.mark.sampled(0)
def test_a_build_tells_its_steps():
    steps = ask(
        built() / "marts.duckdb",
        "select step, result, nodes, row_count, as_of is not null from build_runs order by position",
    )
    by_name = {step[0]: step[1:] for step in steps}
    assert [step[0] for step in steps][:2] == ["landing", "dbt"]
    assert [step[0] for step in steps][-3:] == ["gate", "volumes", "publish"]
    # It is being published itself.
    assert by_name.pop("publish")[0] == "running" and {step[0] for step in by_name.values()} == {"done"}
    ((signals,),) = ask(built() / "warehouse.duckdb", "select count(*) from intermediate.int_account_signals_daily")
    assert by_name["models/intermediate/signals"][2] > signals > 0
    assert by_name["models/intermediate/foundation"][1] == 3
    assert (
        sum(step[1] for name, step in by_name.items() if "/" in name or name in ("seeds", "tests")) == by_name["dbt"][1]
    )


def test_freshness_of_the_sources_is_read(tmp_path):
    """Product events stop a freshness run once they are late; a vendor that serves nothing here is never late."""
    data_dir = copied(tmp_path)

    def read() -> dict[str, str]:
        with place(data_dir).entered():
            outcome = dbt_run.run_dbt(place(data_dir), ["source", "freshness"])
        return {
            ".".join(result.node.unique_id.split(".")[-2:]): str(result.status) for result in outcome.result.results
        }

    late = read()
    assert late["segment.tracks"] == "error" and late["zendesk.ticket"] == "warn"
    assert {late["hubspot.deal"], late["generic.intent_scores"], late["operations.build_runs"]} == {"pass"}
    rewrite(
        data_dir,
        "segment/tracks",
        "select * replace (received_at + (now() at time zone 'UTC' - max(received_at) over ()) as received_at) from landed",
    )
    assert read()["segment.tracks"] == "pass"


# A month


class Month:
    """Daily builds of the small world, each as of the start of a day, on a landing that a test may spoil."""

    def __init__(self, data_dir: Path):
        self.data_dir = copied(data_dir)
        self.full = data_dir / "full"
        shutil.copytree(self.data_dir / "raw/segment", self.full)
        ((newest,),) = landed(self.data_dir, "segment/tracks", "select max(received_at) from landed")
        self.last = newest.date()

    def build(self, day: date) -> bool:
        """A day's build; false where it stopped."""
        options = pipeline.Options(
            as_of=f"{day} 00:00:00",
            exclude=LEFT_OUT,
            variables={"volumes": {"times_usual": 5, "at_least": 4, "usual_days": 28}},
        )
        try:
            pipeline.build(place(self.data_dir), options)
        except Stop:
            return False
        return True

    def without_events_from(self, day: date) -> None:
        """The connector of the product stands still: nothing that came from that day on has landed."""
        for folder in (self.data_dir / "raw/segment").iterdir():
            columns = landed(self.data_dir, f"segment/{folder.name}", "select * from landed limit 0")
            assert columns == []
            rewrite(self.data_dir, f"segment/{folder.name}", f"select * from landed where received_at < date '{day}'")

    def restored(self) -> None:
        shutil.rmtree(self.data_dir / "raw/segment")
        shutil.copytree(self.full, self.data_dir / "raw/segment")

    def blocked_everywhere(self, day: date) -> None:
        """A release that refuses invitations: every group is refused once on that day."""
        select = f"""
            select * from landed
            union all by name
            select
                'flood-' || context_group_id as id, any_value(user_id) as user_id, context_group_id,
                timestamp '{day} 10:00:00' as timestamp, timestamp '{day} 10:00:01' as received_at, 'invite_blocked' as event
            from landed where context_group_id is not null and user_id is not null group by context_group_id
        """
        rewrite(self.data_dir, "segment/tracks", select)
        shutil.copyfile(self.data_dir / "raw/segment/tracks/part.parquet", self.full / "tracks/part.parquet")
        for file in (self.full / "tracks").glob("*.parquet"):
            if file.name != "part.parquet":
                file.unlink()

    def killed(self, day: date) -> None:
        """A build in a process of its own that is killed while dbt works."""
        command = [sys.executable, str(ROOT / "scripts/build.py"), "--project-dir", str(project().folder)]
        command += ["--data-dir", str(self.data_dir), "--as-of", str(day), "--quiet"]
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"DBT_PROFILES_DIR": str(project().folder)})
        deadline = time.monotonic() + 300
        while not noted(self.data_dir, "step", "step = 'dbt' and result = 'running'"):
            assert process.poll() is None and time.monotonic() < deadline, "the build ended before it could be killed"
            time.sleep(0.1)
        time.sleep(2)
        process.send_signal(signal.SIGKILL)
        process.wait()


@pytest.mark.sampled(0)
def test_the_runs_tell_what_happened(tmp_path):
    """A late source, a trigger that fires many times its usual number, and a killed run: each is told by its rows."""
    days = int(os.environ.get("EXPANSION_DAYS", "6"))
    month = Month(tmp_path)
    first = month.last - timedelta(days=days + 2)
    all_days = [first + timedelta(days=n) for n in range(days)]
    late, flood, kill = all_days[days // 3], all_days[2 * days // 3], all_days[-1]
    month.blocked_everywhere(flood - timedelta(days=1))
    for day in all_days:
        if day == late:
            month.without_events_from(day - timedelta(days=3))
        if day == kill:
            month.killed(day)
        assert month.build(day) or day == late
        if day == late:
            month.restored()
        if day == flood:
            assert due(month, flood) == 0, "held firings are among what is due"
            assert approve.main(approval(month, flood), project().folder, project().manifest) == 0
            assert month.build(day)
            assert due(month, flood) > 3, "approved firings are not among what is due"
    story = ask(month.data_dir / "marts.duckdb", STORY)
    print(*(f"{day} {command:8} {result:8} {told or ''}" for day, command, result, told in story), sep="\n")
    assert [row[:3] for row in story if row[2] == "killed"] == [(None, "build", "killed")]
    assert len([row for row in story if row[0] in all_days]) == days + 1
    warned = {row[0]: row[3] or "" for row in reversed(story) if row[0]}
    assert "product events are at most two days old" in warned[late]
    assert "invite_blocked fired" in warned[flood] and "are held until make approve" in warned[flood]
    quiet = [day for day in all_days if day not in (late, flood)]
    assert not [day for day in quiet if "at most two days old" in warned[day] or "invite_blocked" in warned[day]]


def due(month: Month, flood: date) -> int:
    """Firings of the flood that may leave."""
    query = f"select count(*) from sync.sync_crm_firings where trigger_id = 'invite_blocked' and triggered_at >= date '{flood - timedelta(days=1)}'"
    ((count,),) = ask(month.data_dir / "warehouse.duckdb", query)
    return count


def approval(month: Month, flood: date) -> list[str]:
    day = flood - timedelta(days=1)
    return [
        "--data-dir",
        str(month.data_dir),
        "--trigger",
        "invite_blocked",
        "--day",
        str(day),
        "--reason",
        "a release",
    ]


def test_an_approval_of_what_is_not_held_is_refused(capsys):
    options = ["--data-dir", str(built()), "--trigger", "invite_blocked", "--day", "2026-01-01"]
    assert approve.main(options, project().folder, project().manifest) == 1
    assert capsys.readouterr().err.startswith("No firings of invite_blocked of 2026-01-01 are held: nothing waits")
    assert not (built() / "raw/operations/approvals").exists()
