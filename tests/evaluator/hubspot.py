"""HubSpot's tables in the shape of Salesforce's rows: companies, contacts, deals and calls."""

import re
from collections import defaultdict

from .loading import DELETION, Landing, boolean, ident, is_live, number, proper, timestamp, whole, word

#: HubSpot's own association of a deal with its primary company.
PRIMARY = ("hubspot_defined", 5)


def companies(landing: Landing, custom: dict) -> list[dict]:
    """Companies as accounts; one that was merged away leads to the company that names it."""
    columns = {
        "id": ident,
        "property_name": proper,
        "property_domain": proper,
        "property_numberofemployees": whole,
        "property_createdate": timestamp,
        "property_hubspot_owner_id": ident,
        "property_hs_merged_object_ids": proper,
        "property_hs_parent_company_id": ident,
        **{f"property_{column}": read for column, read in custom.items()},
        **DELETION,
    }
    rows = landing.rows("hubspot", "company", columns, required=("id",))
    survivors = {part: row["id"] for row in rows for part in merged_ids(row["property_hs_merged_object_ids"])}
    found = [
        {
            "id": row["id"],
            "name": row["property_name"],
            "website": row["property_domain"],
            "number_of_employees": row["property_numberofemployees"],
            "created_date": row["property_createdate"],
            "owner_id": row["property_hubspot_owner_id"],
            "master_record_id": survivors.get(row["id"]),
            "parent_id": row["property_hs_parent_company_id"],
            **{name: row[name] for name in DELETION},
            **{column: row[f"property_{column}"] for column in custom},
        }
        for row in rows
    ]
    gone = {column: None for column in (found[0] if found else ())} | {"is_deleted": True}
    absent = survivors.keys() - {row["id"] for row in rows}
    return found + [gone | {"id": key, "master_record_id": survivors[key]} for key in sorted(absent)]


def merged_ids(listed: str | None) -> list[str]:
    return re.findall(r"\w+", listed or "")


def contacts(landing: Landing) -> list[dict]:
    columns = {
        "id": ident,
        "property_associatedcompanyid": ident,
        "property_jobtitle": proper,
        "property_createdate": timestamp,
        "property_hs_merged_object_ids": proper,
        "property_email": proper,
        "property_hs_email_optout": boolean,
        "property_hs_email_bad_address": boolean,
        "property_hs_email_hard_bounce_reason_enum": proper,
        **DELETION,
    }
    rows = landing.rows("hubspot", "contact", columns, required=("id", "property_createdate"))
    merged = {part for row in rows for part in merged_ids(row["property_hs_merged_object_ids"])}
    return [
        row
        | {
            "account_id": row["property_associatedcompanyid"],
            "title": row["property_jobtitle"],
            "email": row["property_email"],
            "has_opted_out_of_email": row["property_hs_email_optout"],
            "is_email_bounced": row["property_hs_email_bad_address"],
            "email_bounced_date": row["property_hs_email_hard_bounce_reason_enum"],
            "created_date": row["property_createdate"],
            "master_record_id": "merged" if row["id"] in merged else None,
        }
        for row in rows
    ]


def stages(landing: Landing) -> dict[str, dict]:
    """Whether a stage is closed and won, by its id."""
    columns = {"stage_id": ident, "is_closed": boolean, "closed_won": boolean, "probability": number}
    return {
        row["stage_id"]: {
            "is_closed": bool(row["closed_won"] if row["is_closed"] is None else row["is_closed"]),
            "is_won": row["probability"] == 1,
        }
        for row in landing.rows("hubspot", "deal_pipeline_stage", columns, required=("stage_id",))
    }


OPEN = {"is_closed": False, "is_won": False}


def deals(landing: Landing, is_known) -> list[dict]:
    """Deals of the company that is associated as the primary one, else of the only one that is left."""
    associated = defaultdict(list)
    columns = {"deal_id": ident, "company_id": ident, "type_id": whole, "category": word}
    for row in landing.rows("hubspot", "deal_company", columns, required=("deal_id", "company_id")):
        associated[row["deal_id"]].append(row)
    merged = {row["merged_deal_id"] for row in landing.rows("hubspot", "merged_deal", {"merged_deal_id": ident}) if row}
    stage_of = stages(landing)
    found = []
    for row in landing.rows(
        "hubspot",
        "deal",
        {
            "deal_id": ident,
            "deal_pipeline_stage_id": ident,
            "property_dealtype": word,
            "property_createdate": timestamp,
            "property_closedate": timestamp,
            "property_hs_closed_won_date": timestamp,
            "property_hs_lastmodifieddate": timestamp,
            **DELETION,
        },
        required=("deal_id", "property_createdate"),
    ):
        if row["deal_id"] in merged:
            continue
        links = [link for link in associated[row["deal_id"]] if is_known(link["company_id"])]
        primary = {link["company_id"] for link in links if (link["category"], link["type_id"]) == PRIMARY}
        candidates = primary or {link["company_id"] for link in links}
        stage = stage_of.get(row["deal_pipeline_stage_id"], OPEN)
        found.append(
            row
            | stage
            | {
                "id": row["deal_id"],
                "account_id": next(iter(candidates)) if len(candidates) == 1 else None,
                "type": row["property_dealtype"],
                "created_date": row["property_createdate"],
                "close_date": row["property_closedate"],
                "last_stage_change_date": row["property_hs_closed_won_date"],
                "last_modified_date": row["property_hs_lastmodifieddate"],
            }
        )
    return found


def deal_history(landing: Landing) -> list[dict]:
    stage_of = stages(landing)
    columns = {
        "deal_id": ident,
        "value": ident,
        "date_entered": timestamp,
        "_fivetran_start": timestamp,
        "_fivetran_end": timestamp,
    }
    return [
        row
        | stage_of.get(row["value"], OPEN)
        | {"id": row["deal_id"], "close_date": None, "_fivetran_start": row["date_entered"] or row["_fivetran_start"]}
        for row in landing.rows("hubspot", "deal_stage", columns, required=("deal_id",))
        if row["date_entered"] or row["_fivetran_start"]
    ]


def calls(landing: Landing) -> list[dict]:
    company_of = {
        row["engagement_id"]: row["company_id"]
        for row in landing.rows("hubspot", "engagement_company", {"engagement_id": ident, "company_id": ident})
    }
    columns = {
        "engagement_id": ident,
        "property_hs_call_disposition": word,
        "property_hs_timestamp": timestamp,
        "property_hs_createdate": timestamp,
        **DELETION,
    }
    return [
        row
        | {
            "account_id": company_of.get(row["engagement_id"]),
            "call_disposition": row["property_hs_call_disposition"],
            "completed_date_time": row["property_hs_timestamp"],
            "created_date": row["property_hs_createdate"] or row["property_hs_timestamp"],
        }
        for row in landing.rows("hubspot", "engagement_call", columns, required=("engagement_id",))
        if row["property_hs_createdate"] or row["property_hs_timestamp"]
    ]


def people(landing: Landing) -> list[dict]:
    columns = {"owner_id": ident, "email": proper, **DELETION}
    return [
        {"id": row["owner_id"], "email": row["email"], "is_active": True}
        for row in landing.rows("hubspot", "owner", columns, required=("owner_id",))
        if is_live(row)
    ]
