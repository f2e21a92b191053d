"""What comes back on firings - pushes, tasks, meetings, deals - is taken in by a second build, and rewrites no firing."""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from support.project import rows

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

from sample_world.build import generate  # noqa: E402
from sample_world.config import Options  # noqa: E402
from sample_world.feedback import FILE, land_feedback  # noqa: E402

pytestmark = pytest.mark.sampled(1)

WORLD = {"seed": 11, "accounts": 120, "months": 8, "events": 30_000}
SOURCES = {"product": ["segment"], "billing": ["stripe"], "support": ["zendesk"]}
SELECT = [
    "+fct_fired_triggers",
    "int_engine_runs",
    "+fct_firing_status",
    "+instrumentation_backlog",
    "+decline_analysis",
]
#: The landed reactions of either CRM in the same columns; of the deal, how it stands today.
REACTIONS = {
    "salesforce": {
        "task": "select expansion_firing_id_c as firing_id, account_id, completed_date_time as done_at, call_disposition from {salesforce/task}",
        "meeting": "select expansion_firing_id_c as firing_id, start_date_time as held_at from {salesforce/event}",
        "deal": "select expansion_firing_id_c as firing_id, account_id, created_date as opened_at, is_won, is_closed from {salesforce/opportunity}",
    },
    "hubspot": {
        "task": """
            select
                property_expansion_firing_id_c as firing_id, cast(company_id as varchar) as account_id, property_hs_timestamp as done_at,
                property_hs_call_disposition as call_disposition
            from {hubspot/engagement_call} inner join {hubspot/engagement_company} using (engagement_id)
            union all
            select
                property_expansion_firing_id_c, cast(company_id as varchar), property_hs_task_completion_date, 'Connected'
            from {hubspot/engagement_task} inner join {hubspot/engagement_company} using (engagement_id)
        """,
        "meeting": "select property_expansion_firing_id_c as firing_id, property_hs_timestamp as held_at from {hubspot/engagement_meeting}",
        "deal": """
            select
                property_expansion_firing_id_c as firing_id, cast(company_id as varchar) as account_id, property_createdate as opened_at,
                deal_pipeline_stage_id = 'closedwon' as is_won, deal_pipeline_stage_id like 'closed%' as is_closed
            from {hubspot/deal} inner join {hubspot/deal_company} using (deal_id)
        """,
    },
}
FIRINGS = "select * from marts.fct_fired_triggers order by firing_id"
STATUSES = "select * from marts.fct_firing_status order by firing_id"


@dataclass
class Builds:
    """The firings and statuses of a build before the feedback landed, and the warehouse after the second build."""

    crm: str
    raw: Path
    landed: dict[str, int]
    firings: list[dict]
    statuses: list[dict]
    warehouse: Path


@pytest.fixture(scope="module", params=["salesforce", "hubspot"])
def builds(request, project, tmp_path_factory) -> Builds:
    folder = tmp_path_factory.mktemp("feedback")
    generate(folder, Options(**WORLD, crm=request.param))
    variables = {"sources": SOURCES | {"crm": [request.param]}}
    warehouse = project.build(folder, variables, SELECT)
    firings, statuses = rows(warehouse, FIRINGS), rows(warehouse, STATUSES)
    landed = land_feedback(folder, warehouse, WORLD["seed"])
    # Landing it again changes nothing.
    assert land_feedback(folder, warehouse, WORLD["seed"]) == landed
    warehouse = project.build(folder, variables, SELECT)
    return Builds(request.param, folder / "raw", landed, firings, statuses, warehouse)


def test_before_any_feedback_nothing_was_done(builds):
    assert {row["status"] for row in builds.statuses} <= {
        "scheduled",
        "due",
        "held_out",
        "shadow",
        "cancelled",
        "expired",
    }
    assert all(row["is_reproduced"] for row in builds.statuses)


def test_recorded_firings_stay_as_they_were(builds):
    known = {row["firing_id"] for row in builds.firings}
    found = rows(builds.warehouse, FIRINGS)
    assert [row for row in found if row["firing_id"] in known] == builds.firings
    # What a reaction cancels before it is sent frees its cooldown: of the days that are looked at again, others fire.
    ((as_of,),) = [tuple(row.values()) for row in rows(builds.warehouse, "select as_of from intermediate.int_clock")]
    added = [row["triggered_at"] for row in found if row["firing_id"] not in known]
    assert [moment for moment in added if moment <= as_of - timedelta(days=4)] == []


def test_every_step_of_the_feedback_appears(builds):
    found = Counter(row["status"] for row in rows(builds.warehouse, STATUSES))
    for status in ("delivered", "accepted", "declined", "meeting", "opportunity", "won", "lost"):
        assert found[status] > 0, (status, found)


def test_each_reaction_is_the_one_that_landed(builds):
    """Steps against the landed rows, by another way: the newest step speaks, and each has its own time."""
    query = f"""
        select
            status.firing_id, status.delivered_at, log.attempted_at, status.accepted_at, status.declined_at,
            status.status_reason, task.done_at, task.call_disposition, status.meeting_at, meeting.held_at,
            status.opportunity_at, deal.opened_at, status.won_at, status.lost_at, deal.is_won, deal.is_closed
        from marts.fct_firing_status as status
        left join read_parquet('{builds.raw}/push/push_log/{FILE}') as log using (firing_id)
        left join ({landed(builds, "task")}) as task using (firing_id)
        left join ({landed(builds, "meeting")}) as meeting using (firing_id)
        left join ({landed(builds, "deal")}) as deal using (firing_id)
    """
    for row in rows(builds.warehouse, query):
        refused = row["call_disposition"] not in (None, "Connected")
        assert row["delivered_at"] == row["attempted_at"]
        assert row["accepted_at"] == (None if refused else row["done_at"])
        assert row["declined_at"] == (row["done_at"] if refused else None)
        if refused:
            assert row["status_reason"] == row["call_disposition"]
        assert row["meeting_at"] == row["held_at"]
        assert row["opportunity_at"] == row["opened_at"]
        assert (row["won_at"] is not None) == bool(row["is_won"])
        assert (row["lost_at"] is not None) == bool(row["is_closed"] and not row["is_won"])


def landed(builds, reaction: str) -> str:
    """The query of a landed reaction, its tables being the files of the feedback."""
    return re.sub(r"\{(.+?)\}", rf"read_parquet('{builds.raw}/\1/{FILE}')", REACTIONS[builds.crm][reaction])


def test_firings_that_a_reaction_would_now_suppress_are_told(builds):
    """Each is explained by a deal opened, or a decline given, before its moment."""
    moments = {row["firing_id"]: row for row in builds.firings}
    lost = [row for row in rows(builds.warehouse, STATUSES) if not row["is_reproduced"] and row["firing_id"] in moments]
    assert lost
    query = f"""
        select account_id, min(moment) as moment from (
            select account_id, opened_at as moment from ({landed(builds, "deal")})
            union all
            select account_id, done_at as moment from ({landed(builds, "task")}) where call_disposition <> 'Connected'
        ) group by account_id
    """
    reacted = {row["account_id"]: row["moment"] for row in rows(builds.warehouse, query)}
    unexplained = [
        row["firing_id"]
        for row in lost
        if reacted.get(row["account_id"]) is None
        or reacted[row["account_id"]] > moments[row["firing_id"]]["triggered_at"]
    ]
    assert unexplained == []


def test_feedback_on_an_unknown_firing_is_counted(builds):
    query = (
        "select gap_type, affected, unit from marts.instrumentation_backlog where gap_type = 'feedback_without_firing'"
    )
    assert rows(builds.warehouse, query) == [
        {"gap_type": "feedback_without_firing", "affected": 1, "unit": "reactions"}
    ]


def test_declines_are_told_with_their_reason(builds):
    found = rows(builds.warehouse, "select decline_reason from marts.decline_analysis")
    assert found
    assert {row["decline_reason"] for row in found} <= {"Declined", "No Budget", "Not Interested", "Declined - Timing"}
