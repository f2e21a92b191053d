"""The owners' reactions as HubSpot keeps them: calls and to-dos, meetings and deals, each tied to its company by a bridge."""

from __future__ import annotations

from hashlib import md5

import numpy as np
import pandas as pd

from .hubspot import PIPELINE, STAGE_ID

PRIMARY = 5
#: A to-do is landed by nothing else, so that there is no table whose columns it could take.
TO_DO = {
    "engagement_id": "BIGINT",
    "property_hs_timestamp": "TIMESTAMP",
    "property_hs_createdate": "TIMESTAMP",
    "property_hs_task_status": "VARCHAR",
    "property_hs_task_completion_date": "TIMESTAMP",
    "property_expansion_firing_id_c": "VARCHAR",
    "_fivetran_deleted": "BOOLEAN",
    "_fivetran_synced": "TIMESTAMP",
}


def hubspot_tables(
    tasks: pd.DataFrame, meetings: pd.DataFrame, deals: pd.DataFrame, history: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Frames by table, from reactions in Salesforce's columns: only a call has a result, so a refusal is one."""
    calls = activities(tasks[tasks.call_disposition != "Connected"])
    to_dos = activities(tasks[tasks.call_disposition == "Connected"])
    meetings = activities(meetings)
    number = dict(zip(deals.id, numbers(deals.id), strict=True))
    deal_id = deals.id.map(number).astype("int64")
    heads = pd.concat(
        [calls.assign(kind="CALL"), to_dos.assign(kind="TASK"), meetings.assign(kind="MEETING")], ignore_index=True
    )
    common = {"category": "HUBSPOT_DEFINED", "portal_id": 4242, "is_deleted": None, "_fivetran_deleted": False}
    return {
        "engagement": pd.DataFrame(
            {"id": heads.engagement_id, "type": heads.kind, "_fivetran_synced": heads._fivetran_synced}
        ).assign(**common),
        "engagement_company": heads[["engagement_id", "company_id", "_fivetran_synced"]].assign(**common),
        "engagement_call": calls.assign(
            property_hs_timestamp=calls.completed_date_time,
            property_hs_call_disposition=calls.call_disposition,
            property_hs_call_status="COMPLETED",
            **common,
        ),
        "engagement_task": to_dos.assign(
            property_hs_timestamp=to_dos.completed_date_time,
            property_hs_task_status="COMPLETED",
            property_hs_task_completion_date=to_dos.completed_date_time,
            **common,
        ),
        "engagement_meeting": meetings.assign(
            property_hs_timestamp=meetings.start_date_time, property_hs_meeting_title=meetings.subject, **common
        ),
        "deal": pd.DataFrame(
            {
                "deal_id": deal_id,
                "deal_pipeline_id": PIPELINE,
                "deal_pipeline_stage_id": deals.stage_name.map(STAGE_ID),
                "property_dealname": deals.name,
                "property_dealtype": "existingbusiness",
                "property_amount": deals.amount,
                "property_closedate": deals.close_date,
                "property_createdate": deals.created_date,
                "property_expansion_firing_id_c": deals.expansion_firing_id_c,
                "_fivetran_synced": deals._fivetran_synced,
            }
        ).assign(**common),
        "deal_company": pd.DataFrame(
            {
                "deal_id": deal_id,
                "company_id": deals.account_id.astype("int64"),
                "type_id": PRIMARY,
                "_fivetran_synced": deals.created_date,
            }
        ).assign(**common),
        "deal_stage": pd.DataFrame(
            {
                "deal_id": history.id.map(number).astype("int64"),
                "value": history.stage_name.map(STAGE_ID),
                "date_entered": history._fivetran_start,
                "_fivetran_start": history._fivetran_start,
                "_fivetran_end": history._fivetran_end,
                "_fivetran_active": history._fivetran_active,
                "source": "CRM_UI",
                "_fivetran_synced": history._fivetran_synced,
            }
        ),
    }


def activities(frame: pd.DataFrame) -> pd.DataFrame:
    """What activities of every kind have, beside the columns that they came with."""
    return frame.assign(
        engagement_id=numbers(frame.id),
        company_id=frame.account_id.astype("int64"),
        property_hs_createdate=frame.created_date,
        property_expansion_firing_id_c=frame.expansion_firing_id_c,
    )


def numbers(ids: pd.Series) -> np.ndarray:
    """Numeric ids made of others, above all that the world lands."""
    return np.array([10**13 + int(md5(text.encode()).hexdigest()[:12], 16) for text in ids], dtype=np.int64)
