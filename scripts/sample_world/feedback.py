"""What comes back from acting on firings: the push log of the documented schedule, and what the owners did.

Reads the recorded firings of a warehouse that fell due since plays began and were neither shadow,
held out nor cancelled, and lands beside the world's other rows, in files of its own: raw/push/push_log,
and tasks, meetings and opportunities (with history) that carry the firing's id, in the tables of the world's CRM. Deals
are won where the planted truth has an expansion of the account within 90 days. Nothing is dated after the warehouse's
as_of.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from operations.place import Place
from operations.relations import Relations

from .config import ACTIVE_FROM, DAY
from .crm import FAR, camel
from .hubspot_feedback import TO_DO, hubspot_tables
from .landing import SECOND, codes, unit

FILE = "feedback.parquet"
HOUR = 3600 * SECOND
TICK = HOUR // 12
FIRINGS = """
select fired.firing_id, fired.account_id, fired.owner_role, epoch_us(fired.deliver_at) as deliver_at, epoch_us(fired.expires_at) as expires_at,
    epoch_us(fired.sla_due_at) as sla_due_at, epoch_us(clock.as_of) as as_of
from {fired} as fired
inner join {status} as status on fired.firing_id = status.firing_id
cross join {clock} as clock
where not fired.is_shadow and not fired.is_holdout and status.status not in ('shadow', 'held_out', 'cancelled', 'scheduled')
    and fired.deliver_at <= clock.as_of and fired.deliver_at >= timestamp '{since}'
order by fired.deliver_at, fired.firing_id
"""


def land_feedback(out: Path, warehouse: Path, seed: int, relations: Relations | None = None) -> dict[str, int]:
    """Writes the feedback files below `out`/raw and gives the rows of each table."""
    raw = Path(out) / "raw"
    relations = relations or Relations.of(Place.find())
    names = {"fired": "int_firings", "status": "int_firing_status", "clock": "int_clock"}
    tables = {key: f"{relations.ref(name)}" for key, name in names.items()}
    with duckdb.connect(str(warehouse), read_only=True) as built:
        built.execute("set TimeZone = 'UTC'")
        fired = built.execute(FIRINGS.format(**tables, since=ACTIVE_FROM)).df()
    con = duckdb.connect()
    con.execute("set TimeZone = 'UTC'")
    as_of = int(fired.as_of.iloc[0]) if len(fired) else 0
    sent = sent_firings(fired, as_of)
    log = push_log(sent, seed)
    put(
        con,
        raw / "push" / "push_log",
        log,
        "* replace (make_timestamp(attempted_at) as attempted_at, make_timestamp(as_of) as as_of)",
    )
    rows = {"push/push_log": len(log)}
    in_hubspot = (raw / "hubspot" / "engagement").is_dir()
    if not in_hubspot and not (raw / "salesforce" / "task").is_dir():
        return rows

    reactions = owners_reactions(sent, seed)
    tasks = tasks_of(reactions, as_of, seed)
    meetings = meetings_of(reactions, as_of, seed)
    expansions = con.execute(
        f"select account_id, epoch_us(expanded_at) as expanded from read_parquet('{Path(out) / 'planted_truth' / 'expansions.parquet'}') order by 2, 1"
    ).df()
    deals, history = deals_of(reactions, expansions, as_of, seed)
    if in_hubspot:
        for table, frame in hubspot_tables(tasks, meetings, deals, history).items():
            types = TO_DO if table == "engagement_task" else None
            rows[f"hubspot/{table}"] = land_like(con, raw / "hubspot" / table, frame, types)
        return rows
    for vendor, table, frame in (
        ("salesforce", "task", tasks),
        ("salesforce", "event", meetings),
        ("salesforce", "opportunity", deals),
        ("salesforce_history", "opportunity", history),
    ):
        rows[f"{vendor}/{table}"] = land_like(con, raw / vendor / table, frame)
    return rows


def sent_firings(fired: pd.DataFrame, as_of: int) -> pd.DataFrame:
    """The firings that a push sent before they expired, with when (microseconds) and a number to draw by."""
    # The urgent path runs every five minutes, and sends what has fallen due since the build too.
    attempted = -(-fired.deliver_at.to_numpy() // TICK) * TICK
    number = np.array([int(f[:15], 16) for f in fired.firing_id], dtype=np.int64)
    sent = (attempted <= as_of) & (attempted < fired.expires_at.to_numpy())
    return fired.assign(number=number, attempted=attempted)[sent].reset_index(drop=True)


def push_log(sent: pd.DataFrame, seed: int) -> pd.DataFrame:
    """One delivered attempt a firing, in the run of its day."""
    number = sent.number.to_numpy()
    return pd.DataFrame(
        {
            "attempt_id": codes("att_", seed, 301, number),
            "destination": "file",
            "object": "firing",
            "sync_key": sent.firing_id,
            "firing_id": sent.firing_id,
            "account_id": sent.account_id,
            "attempted_at": sent.attempted,
            "outcome": "delivered",
            "payload_hash": codes("", seed, 302, number),
            "run_id": np.array([f"daily_{t // (DAY * SECOND)}" for t in sent.attempted], dtype=object),
            "as_of": sent.attempted,
        }
    )


def owners_reactions(sent: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The firings with what their owners did: whether they worked on it, refused or met, and when (microseconds).

    Of ten who work on one, nine do so in time.
    """
    number = sent.number.to_numpy()
    draw = unit(seed, 303, number)
    worked = (sent.owner_role != "automation").to_numpy() & (draw < 0.72)
    refused = worked & (draw < 0.08)
    time_given = np.maximum(sent.sla_due_at.to_numpy() - sent.attempted.to_numpy(), HOUR)
    done = sent.attempted.to_numpy() + ((0.1 + unit(seed, 304, number)) * time_given).astype(np.int64)
    return sent.assign(
        worked=worked,
        refused=refused,
        done=done,
        meets=worked & ~refused & (unit(seed, 307, number) < 0.35),
        held=done + ((1 + (unit(seed, 308, number) * 6).astype(np.int64)) * DAY * SECOND),
    )


def tasks_of(reactions: pd.DataFrame, as_of: int, seed: int) -> pd.DataFrame:
    """Completed calls in Salesforce's columns; one of them names a firing that nobody knows."""
    number = reactions.number.to_numpy()
    reasons = np.array(["Declined", "No Budget", "Not Interested", "Declined - Timing"], dtype=object)[
        (unit(seed, 305, number) * 4).astype(int)
    ]
    done = reactions.done
    tasks = pd.DataFrame(
        {
            "id": ids("00T", seed, 306, number),
            "account_id": reactions.account_id,
            "what_id": reactions.account_id,
            "owner_id": None,
            "subject": "Act on a trigger",
            "type": "Call",
            "task_subtype": "Task",
            "status": "Completed",
            "is_closed": True,
            "activity_date": done - done % (DAY * SECOND),
            "completed_date_time": done,
            "created_date": reactions.attempted + 60 * SECOND,
            "call_disposition": np.where(reactions.refused, reasons, "Connected"),
            "priority": "Normal",
            "is_deleted": False,
            "expansion_firing_id_c": reactions.firing_id,
            "_fivetran_active": True,
            "_fivetran_synced": done,
        }
    )[reactions.worked & (done <= as_of)]
    stray = tasks.head(1).assign(
        id="00Tstray0000000000", expansion_firing_id_c="no-such-firing", call_disposition="Connected"
    )
    return pd.concat([tasks, stray], ignore_index=True) if len(tasks) else tasks


def meetings_of(reactions: pd.DataFrame, as_of: int, seed: int) -> pd.DataFrame:
    """Meetings held, in Salesforce's columns."""
    held = reactions.held
    return pd.DataFrame(
        {
            "id": ids("00U", seed, 309, reactions.number.to_numpy()),
            "account_id": reactions.account_id,
            "what_id": reactions.account_id,
            "subject": "Expansion review",
            "type": "Meeting",
            "start_date_time": held,
            "end_date_time": held + HOUR,
            "activity_date_time": held,
            "is_child": False,
            "is_group_event": False,
            "created_date": reactions.done,
            "is_deleted": False,
            "expansion_firing_id_c": reactions.firing_id,
            "_fivetran_active": True,
            "_fivetran_synced": reactions.done,
        }
    )[reactions.meets & (held <= as_of)]


def deals_of(
    reactions: pd.DataFrame, expansions: pd.DataFrame, as_of: int, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Deals as they stand and their history, in Salesforce's columns: at most one an account, after a meeting.

    A deal is won where the account expands within 90 days of its opening; it may be lost after 35.
    """
    opened = reactions.assign(opened=reactions.held + 2 * HOUR)
    opened = opened[
        opened.meets & (unit(seed, 310, opened.number.to_numpy()) < 0.7) & (opened.opened <= as_of)
    ].sort_values("opened", kind="stable")
    found = pd.merge_asof(
        opened.drop_duplicates("account_id"),
        expansions.sort_values("expanded"),
        left_on="opened",
        right_on="expanded",
        by="account_id",
        direction="forward",
    )
    won = (found.expanded - found.opened) <= 90 * DAY * SECOND
    lost = ~won & (unit(seed, 311, found.number) < 0.6)
    closed = np.where(won, found.expanded.fillna(0), np.where(lost, found.opened + 35 * DAY * SECOND, FAR)).astype(
        np.int64
    )
    id_of = ids("006", seed, 312, found.number)
    ended = closed <= as_of

    def deal(stage, is_closed, is_won):
        return {
            "id": id_of,
            "account_id": found.account_id,
            "name": "Expansion from a trigger",
            "type": "Upsell",
            "stage_name": stage,
            "amount": np.round(1_500 + 12_000 * unit(seed, 313, found.number)),
            "probability": np.where(is_closed, np.where(is_won, 100.0, 0.0), 40.0),
            "created_date": found.opened,
            "close_date": np.where(is_closed, closed, found.opened + 30 * DAY * SECOND)
            // (DAY * SECOND)
            * (DAY * SECOND),
            "is_closed": is_closed,
            "is_won": is_won,
            "is_deleted": False,
            "expansion_firing_id_c": found.firing_id,
        }

    no = np.zeros(len(found), bool)
    name = np.where(won, "Closed Won", "Closed Lost")
    now = pd.DataFrame(
        deal(np.where(ended, name, "Proposal"), ended, ended & won)
        | {"_fivetran_active": True, "_fivetran_synced": np.where(ended, closed, found.opened)}
    )
    first = pd.DataFrame(
        deal("Proposal", no, no)
        | {
            "_fivetran_start": found.opened,
            "_fivetran_end": np.where(ended, closed - 1000, FAR),
            "_fivetran_active": ~ended,
            "_fivetran_synced": found.opened,
        }
    )
    last = pd.DataFrame(
        deal(name, ~no, won)
        | {"_fivetran_start": closed, "_fivetran_end": FAR, "_fivetran_active": True, "_fivetran_synced": closed}
    )[ended]
    return now, pd.concat([first, last], ignore_index=True)


def ids(prefix: str, *parts) -> np.ndarray:
    """CRM ids of 18 characters."""
    return np.array([code[:18] for code in codes(prefix, *parts)], dtype=object)


def put(con: duckdb.DuckDBPyConnection, folder: Path, frame: pd.DataFrame, select: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    con.register("feedback", frame)
    con.execute(f"copy (select {select} from feedback) to '{folder / FILE}' (format parquet)")
    con.unregister("feedback")


def land_like(con: duckdb.DuckDBPyConnection, folder: Path, frame: pd.DataFrame, types: dict | None = None) -> int:
    """Writes the frame in the columns, order and types of the table that already stands there, else in those given."""
    (folder / FILE).unlink(missing_ok=True)
    select = []
    if types is None:
        standing = con.execute(f"describe select * from read_parquet('{folder}/part-000.parquet')").fetchall()
        types = {name: kind for name, kind, *_ in standing}
    for name, kind in types.items():
        source = next((c for c in frame.columns if c == name or camel(c) == name), None)
        if source is None or not len(frame):
            select.append(f'null::{kind} as "{name}"')
        elif kind == "TIMESTAMP":
            select.append(f'make_timestamp("{source}"::bigint) as "{name}"')
        else:
            select.append(f'"{source}"::{kind} as "{name}"')
    put(con, folder, frame, ", ".join(select))
    return len(frame)
