"""The past stays what it was: replays of earlier moments, landings cut at them, and builds day by day."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from sample_world.build import generate
from sample_world.config import Options, parse_dirt
from support.parts import build_part, load_seeds
from support.project import Project, rows
from worlds import write_seeds, write_world
from worlds.span import span_of

NONE, DAY = timedelta(), timedelta(days=1)
MIDNIGHT = {"hour": 0, "minute": 0, "second": 0, "microsecond": 0}
#: What a replay is compared on, the record of firings and the run that wrote them.
COMPARED = ["+fct_suppressed_triggers", "+int_trigger_episodes", "+int_engine_runs"]

#: Of a warehouse, what is settled by the close of the last final day {final}. An episode's end is known once the day
#: after it is final; an event of the next day may still be late, so an event's moment must lie before the close.
SETTLED = {
    "signals": "select * from {db}.intermediate.int_account_signals_daily where signal_on <= {final}",
    "stage": "select * from {db}.intermediate.int_account_stage_daily where signal_on <= {final}",
    "episodes": """
        select trigger_id, account_id, started_on, triggered_at, case when ended_on < {final} then ended_on end as ended_on
        from {db}.intermediate.int_trigger_episodes
        where started_on <= {final}
    """,
    "candidates": """
        select
            account_id, trigger_id, moment, judged_on, is_shadow,
            coalesce(reason, case when fired.firing_id is null then 'cooldown' else 'fired' end) as outcome
        from {db}.intermediate.int_candidate_judgements as judged
        left join {db}.intermediate.int_firings_by_todays_rules as fired using (trigger_id, account_id, moment)
        where case when kind = 'daily' then judged_on <= {final} else cast(moment as date) <= {final} end
    """,
    "firings": """
        select * exclude (recorded_as_of)
        from {db}.intermediate.int_firings
        where case when received_at is null then judged_on <= {final} else cast(fired_at as date) <= {final} end
    """,
}


# ---------------------------------------------------------------- as_of


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("seed", "share", "at_midnight"), [(3, 0.75, True), (11, 0.6, False), (24, 0.9, False)])
def test_a_full_landing_at_an_earlier_moment(seed, share, at_midnight, project, tmp_path):
    write_world(tmp_path, seed)
    builds = Builds(project, tmp_path, seed)
    full = builds.build("full")
    replayed = builds.build("replay", as_of=moment_of(full, share, at_midnight))
    assert count(replayed, "select count(*) from intermediate.int_firings") > 0
    assert changes(full, replayed) == []


# ---------------------------------------------------------------- landings cut at a moment


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("until", "waits"), [(datetime(2026, 4, 12), True), (datetime(2026, 5, 20, 15, 37, 11), False)]
)
def test_a_landing_cut_at_a_moment(until, waits, whole_landing, tmp_path):
    """At the first of the moments an add-on is gone that only the next invoice takes back."""
    generate(tmp_path / "cut", options(until))
    full = whole_landing.folder / "full" / "warehouse.duckdb"
    cut = whole_landing.build(f"until_{until:%m_%d}", as_of=until, landing=tmp_path / "cut")
    unwritten = accounts_with_unwritten_facts(full, until)
    accounts = count(full, "select count(distinct account_id) from intermediate.int_account_signals_daily")
    assert bool(unwritten) == waits
    assert len(unwritten) <= 0.02 * accounts
    assert count(cut, "select count(*) from intermediate.int_firings") > 0
    assert changes(full, cut, without=unwritten) == []


@pytest.fixture(scope="module")
def whole_landing(project, tmp_path_factory) -> Builds:
    """The sample world of 200 accounts with little use, landed and built to its end."""
    folder = tmp_path_factory.mktemp("sample")
    generate(folder, options(None))
    builds = Builds(project, folder, None)
    builds.build("full")
    return builds


def options(until: datetime | None) -> Options:
    return Options(seed=9, accounts=200, months=8, events=20_000, until=until, dirt=parse_dirt("default"))


def accounts_with_unwritten_facts(full: Path, until: datetime) -> list[str]:
    """Accounts of whose changes up to the moment the vendor had not written all.

    A change that is invoiced later stands on the item's row meanwhile - but a removed item may have none, and of two
    changes the row shows the last.
    """
    sql = """
        with waiting as (
            select
                lines.subscription_item_id,
                any_value(invoices.customer_id) as customer_id,
                lines.period_start,
                max(lines.amount) > 0 as has_charge
            from raw_stripe.invoice_line_item as lines
            inner join raw_stripe.invoice as invoices on lines.invoice_id = invoices.id
            where lines.proration and lines.period_start <= ?::timestamp and invoices.created > ?::timestamp
            group by lines.subscription_item_id, lines.period_start
        ),
        items as (
            select customer_id, subscription_item_id
            from waiting
            group by all
            having bool_or(not has_charge) or count(*) > 1
        )
        select distinct matches.account_id
        from items
        inner join intermediate.int_identity_matches as matches on items.customer_id = matches.record_id
        where matches.source_name = 'billing' and matches.account_id is not null
        order by matches.account_id
    """
    with duckdb.connect(str(full), read_only=True) as connection:
        return [row[0] for row in connection.execute(sql, [until, until]).fetchall()]


# ---------------------------------------------------------------- day by day


@pytest.mark.sampled(0)
def test_day_by_day_over_timely_data_gives_one_full_builds_firings(project, sample, tmp_path):
    """The builds follow at a day's distance and at several days', each at six in the morning."""
    write_world(tmp_path, 5, ())
    builds = Builds(project, tmp_path, 5)
    first = span_of(5).middle + 30 * DAY + timedelta(hours=6)
    moments = [first + days * DAY for days in [*sample((0, 1, 2, 4, 5, 8, 9, 13), 3, "builds day by day"), 14]]
    before = 0
    grew = 0
    for moment in moments:
        daily = builds.build("daily", as_of=moment)
        recorded = count(daily, "select count(*) from intermediate.int_firings")
        grew += recorded > before
        before = recorded
    once = builds.build("once", as_of=moments[-1])
    assert grew > len(moments) // 2
    firings = "select * exclude (recorded_as_of) from {db}.intermediate.int_firings"
    assert changes(once, daily, {"firings": firings}) == []


@pytest.mark.sampled(0)
def test_recorded_firings_stay_as_they_are(project, tmp_path):
    """Late events add what no recorded firing conflicts with; a changed rule speaks from now on; time runs forwards."""
    write_world(tmp_path, 9, {"late_events", "repeated_events", "clock_skew"})
    builds = Builds(project, tmp_path, 9)
    start = span_of(9).middle + 10 * DAY
    moments = [start + timedelta(days=days, hours=hours) for days, hours in ((0, 0), (2, 13), (4, 0), (7, 9), (12, 3))]
    delay_an_event(builds, moments)
    before: list[dict] = []
    added_late = 0
    for previous, moment in zip([None, *moments], moments, strict=False):
        warehouse = builds.build("kept", as_of=moment)
        after = recorded(warehouse)
        assert after[: len(before)] == before
        new = after[len(before) :]
        if previous:
            assert all(row["fired_at"] > previous - 4 * DAY for row in new)
            added_late += sum(row["fired_at"] <= previous for row in new)
        assert conflicts(before, new) == []
        before = after

    with pytest.raises(AssertionError, match="lies before the newest recorded firing"):
        builds.build("kept", as_of=before_the_newest(before))
    assert recorded(warehouse) == before
    assert added_late > 0

    put_daily_triggers_out_of_reach(project)
    load_seeds(project, warehouse.parent)
    last, moment = moments[-1], moments[-1] + 10 * DAY
    warehouse = builds.build("kept", as_of=moment, select=[*COMPARED, "+int_firing_status"])
    after = recorded(warehouse)
    assert after[: len(before)] == before
    assert all(row["fired_at"] > last - 4 * DAY for row in after[len(before) :])
    assert {row["kind"] for row in after[len(before) :]} <= {"event"}
    status = {
        row["firing_id"]: row["is_reproduced"]
        for row in rows(warehouse, "select firing_id, is_reproduced from intermediate.int_firing_status")
    }
    old = {row["firing_id"]: row["kind"] for row in before}
    assert {kind for kind in old.values()} == {"daily", "event"}
    assert not any(status[firing_id] for firing_id, kind in old.items() if kind == "daily")
    assert status.keys() == {row["firing_id"] for row in after}


def delay_an_event(builds: Builds, moments: list[datetime]) -> None:
    """What led to one firing of an event arrives an hour after the build before which it happened.

    The firing is one that has its account and cooldown group for itself while the builds run, so that nothing takes its
    place meanwhile.
    """
    ahead = recorded(builds.build("ahead", as_of=moments[-1]))
    firing, late_at = next(
        (row, moment + timedelta(hours=1))
        for row in ahead
        for moment in moments[:-1]
        if row["kind"] == "event"
        and timedelta(hours=2) < moment - row["fired_at"] < 2 * DAY
        and not [
            other
            for other in ahead
            if other is not row
            and other["fired_at"] > row["fired_at"] - 30 * DAY
            and (other["account_id"], other["cooldown_group"]) == (row["account_id"], row["cooldown_group"])
        ]
    )
    at = firing["fired_at"]
    for table in ("tracks", "pages", "screens"):
        (file,) = (builds.folder / "raw" / "segment" / table).glob("*.parquet")
        with duckdb.connect() as connection:
            connection.execute(f"create table landed as from read_parquet('{file}')")
            connection.execute(
                "update landed set received_at = greatest(received_at, $late_at)"
                " where least(coalesce(timestamp, received_at), received_at)"
                " between $at::timestamp - interval 1 hour and $at::timestamp + interval 1 hour",
                {"at": at, "late_at": late_at},
            )
            connection.execute(f"copy landed to '{file}' (format parquet)")


def recorded(warehouse: Path) -> list[dict]:
    """The record in the order in which it grew, every column of it."""
    return rows(
        warehouse,
        "select *, case when received_at is null then 'daily' else 'event' end as kind"
        " from intermediate.int_firings order by recorded_as_of, firing_id",
    )


def before_the_newest(firings: list[dict]) -> datetime:
    return max(row["fired_at"] for row in firings) - timedelta(microseconds=1)


def conflicts(before: list[dict], new: list[dict]) -> list[tuple]:
    """Pairs of a recorded and a new firing of which one lies in the cooldown of the other, or both in one burst."""
    found = []
    for row in new:
        for other in before:
            if row["account_id"] != other["account_id"] or row["cooldown_group"] != other["cooldown_group"]:
                continue
            apart = row["fired_at"] - other["fired_at"]
            spans = [
                entry["cooldown_days"] for entry, is_later in ((row, apart >= NONE), (other, apart <= NONE)) if is_later
            ]
            if (
                abs(apart) < max(spans) * DAY
                or row["kind"] == "event"
                and row["trigger_id"] == other["trigger_id"]
                and abs(apart) <= timedelta(minutes=25)
            ):
                found.append((other["firing_id"], row["firing_id"]))
    return found


def put_daily_triggers_out_of_reach(project: Project) -> None:
    """Their conditions can be met no more."""
    with project.seed("trigger_library").open(newline="", encoding="utf-8") as file:
        daily = {row["trigger_id"] for row in csv.DictReader(file) if row["kind"] == "daily"}
    with project.seed("trigger_conditions").open(newline="", encoding="utf-8") as file:
        conditions = list(csv.DictReader(file))
    for row in conditions:
        if row["trigger_id"] in daily:
            row |= {"comparator": ">", "threshold": "1000000000", "threshold_high": ""}
    with project.seed("trigger_conditions").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, conditions[0])
        writer.writeheader()
        writer.writerows(conditions)


# ---------------------------------------------------------------- builds and comparisons


class Builds:
    """Warehouses over landings, all on the same rules: those drawn from a number, or the project's own."""

    def __init__(self, project: Project, folder: Path, seeds: int | None):
        self.project = project
        self.folder = folder
        self.seeded = folder / "seeded"
        if seeds is not None:
            write_seeds(folder, seeds)
        project.use_seeds(folder / "seeds" if seeds is not None else None)
        load_seeds(project, self.seeded)

    def build(self, name: str, as_of: datetime | None = None, landing: Path | None = None, select=COMPARED) -> Path:
        """Build what is compared in the data directory of this name, again where it stands already."""
        data_dir = self.folder / name
        warehouse = data_dir / "warehouse.duckdb"
        if not warehouse.exists():
            data_dir.mkdir(exist_ok=True)
            shutil.copy(self.seeded / "warehouse.duckdb", warehouse)
            if not (data_dir / "raw").exists():
                (data_dir / "raw").symlink_to((landing or self.folder) / "raw")
        return build_part(self.project, data_dir, select, {"as_of": as_of.isoformat(sep=" ")} if as_of else None)


def moment_of(warehouse: Path, share: float, at_midnight: bool) -> datetime:
    """A moment within the world, at this share of its days with paying customers."""
    (row,) = rows(
        warehouse,
        "select min(signal_on)::timestamp as first_at, max(signal_on)::timestamp as last_at"
        " from intermediate.int_account_signals_daily",
    )
    moment = row["first_at"] + (row["last_at"] - row["first_at"]) * share
    return moment.replace(**MIDNIGHT) if at_midnight else moment + timedelta(hours=11, minutes=17, microseconds=3)


def changes(full: Path, replay: Path, queries: dict[str, str] | None = None, without: Iterable[str] = ()) -> list[str]:
    """What a replay tells otherwise than the full build about the days that were final in it, a sentence a table."""
    found = []
    with duckdb.connect() as connection:
        connection.execute(f"attach '{full}' as whole (read_only)")
        connection.execute(f"attach '{replay}' as replay (read_only)")
        final = "(select last_final_on from replay.intermediate.int_clock)"
        left_out = ", ".join(f"'{account_id}'" for account_id in ["", *without])
        for name, query in (queries or SETTLED).items():
            mine, theirs = (
                f"select * from ({query.format(db=db, final=final)}) where account_id not in ({left_out})"
                for db in ("replay", "whole")
            )
            assert connection.execute(f"select count(*) from ({theirs})").fetchone()[0] > 0, f"no {name} to compare"
            for title, first, second in (("too many", mine, theirs), ("missing", theirs, mine)):
                cursor = connection.execute(f"({first}) except all ({second})")
                names = [column[0] for column in cursor.description]
                differing = cursor.fetchall()
                if differing:
                    found.append(
                        f"{name}: {len(differing)} {title}, such as {dict(zip(names, differing[0], strict=True))}"
                    )
    return found


def count(warehouse: Path, sql: str) -> int:
    (row,) = rows(warehouse, sql)
    return next(iter(row.values()))
