"""HubSpot in place of Salesforce: companies, contacts, deals with their bridges, engagements, and the newsletter."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .config import DAY
from .crm import (
    CSMS,
    MANAGERS,
    OWNERS,
    account_created,
    call_table,
    contact_table,
    deal_history,
    headcount_history,
    meeting_table,
    staff,
)
from .generic import newsletter_events
from .identity import Links
from .landing import NULL_TIME, SECOND, Landing, micros, seen, unit
from .simulate import NEVER, World

PIPELINE = "default"
# stage id, label, closed, probability
STAGES = [
    ("qualifiedtobuy", "Qualification", False, 0.2),
    ("contractsent", "Proposal", False, 0.6),
    ("closedwon", "Closed Won", True, 1.0),
    ("closedlost", "Closed Lost", True, 0.0),
]
STAGE_ID = {label: stage for stage, label, _, _ in STAGES}
DEAL_TYPE = {"New Business": "newbusiness"}
CALL, MEETING = 70_000_000_000, 71_000_000_000


def text(values) -> tuple[str, np.ndarray]:
    return ("text", np.asarray(values, dtype=object))


def times(values) -> tuple[str, np.ndarray]:
    return ("timestamp", np.asarray(values))


def flags(size: int, value: bool = False) -> tuple[str, np.ndarray]:
    return ("boolean", np.full(size, value))


def land_hubspot(world: World, landing: Landing, links: Links) -> None:
    land_owners(world, landing)
    land_companies(world, landing, links)
    land_contacts(world, landing, links)
    land_deals(world, landing, links)
    land_engagements(world, landing, links)
    if "marketing" in world.options.domains:
        land_email_events(world, landing, links)


def owner_number(world: World) -> np.ndarray:
    return 500 + (unit(world.options.seed, 161, world.accounts.account) * OWNERS).astype(int)


def land_owners(world: World, landing: Landing) -> None:
    people = staff(world)
    made = np.full(len(people), micros(world.options.start) - 1500 * DAY * SECOND)
    landing.land(
        "hubspot",
        "owner",
        {
            "owner_id": ("bigint", 500 + people.number),
            "email": text(people.email),
            "first_name": text(people.role),
            "last_name": text(people.number.astype(str)),
            "active_user_id": ("bigint", np.where(people.is_active, (900 + people.number).astype(object), None)),
            "type": text(np.full(len(people), "PERSON")),
            "created_at": times(made),
            "updated_at": times(made),
            "_fivetran_synced": times(made),
        },
        keep=~people.deleted,
    )


def land_companies(world: World, landing: Landing, links: Links) -> None:
    _opt, seed, until, acc, link = world.options, world.options.seed, landing.until, world.accounts, links.accounts
    number, n = acc.account.to_numpy(), len(acc)
    born = account_created(world, landing)
    emp = headcount_history(world, landing)
    current = emp[emp["last"]].set_index("account").employees.reindex(number).to_numpy()
    with_csm = (acc.tier.to_numpy() >= 2) | (acc.employees.to_numpy() >= 100)
    csm = np.where(
        with_csm,
        (500 + OWNERS + MANAGERS + (unit(seed, 162, number) * CSMS).astype(int)).astype(str).astype(object),
        None,
    )
    onboarded = np.where(
        acc.onboarding_day < NEVER, landing.at(np.where(acc.onboarding_day < NEVER, acc.onboarding_day, 0)), NULL_TIME
    )
    opted = np.where(acc.opted_out, landing.at(60 + (unit(seed, 163, number) * 300).astype(int)), NULL_TIME)
    fiscal = np.where(unit(seed, 164, number) < 0.6, 12, None)
    columns = {
        "id": ("bigint", acc.account_id.astype(np.int64)),
        "property_name": text(link.name),
        "property_domain": text(link.domain),
        "property_industry": text(np.full(n, "SOFTWARE")),
        "property_createdate": times(born),
        "property_country": text(acc.country),
        "property_annualrevenue": ("bigint", acc.employees * 150_000),
        "property_numberofemployees": ("integer", current),
        "property_hubspot_owner_id": text(owner_number(world).astype(str)),
        "property_onboarding_completed_date_c": times(seen(onboarded, until)),
        "property_expansion_opt_out_date_c": times(seen(opted, until)),
        "property_time_zone_c": text(np.where(unit(seed, 169, number) < 0.96, acc.time_zone, None)),
        "property_billing_country_code": text(acc.country),
        "property_customer_success_manager_id_c": text(csm),
        "property_stripe_customer_id_c": text(np.where(link.billing == 1, link.customer_id, None)),
        "property_product_group_id_c": text(np.where(link["product"] == 1, links.groups.group_id, None)),
        "property_zendesk_organization_id_c": text(np.where(link.support == 1, link.organization_id.astype(str), None)),
        "property_fiscal_year_end_month_c": ("integer", fiscal),
        "property_hs_merged_object_ids": text(link.loser_id),
        "is_deleted": ("boolean", np.full(n, None, dtype=object)),
        "_fivetran_deleted": flags(n),
        "_fivetran_synced": times(born),
    }
    landing.land("hubspot", "company", columns, keep=born <= until)
    # A merged company leaves its id with the survivor and no row; a deleted one is flagged by either generation.
    extra = links.extra[~(links.extra.is_deleted & links.extra.master_record_id.notna())].reset_index(drop=True)
    if len(extra):
        size = len(extra)
        early = np.full(size, landing.start - 400 * DAY * SECOND)
        blank = {
            name: (kind, np.full(size, NULL_TIME) if kind == "timestamp" else np.full(size, None, dtype=object))
            for name, (kind, _) in columns.items()
        }
        old = np.arange(size) % 2 == 0
        blank |= {
            "id": ("bigint", extra.account_id.astype(np.int64)),
            "property_name": text(extra.name),
            "property_domain": text(extra.website.str.replace("http://www.", "").str.rstrip("/")),
            "property_createdate": times(early),
            "is_deleted": ("boolean", np.where(old, extra.is_deleted, None)),
            "_fivetran_deleted": ("boolean", np.where(old, None, extra.is_deleted)),
            "_fivetran_synced": times(early),
        }
        landing.land("hubspot", "company", blank, part=1)
    landing.land(
        "hubspot",
        "company_property_history",
        {
            "company_id": ("bigint", acc.account_id.to_numpy()[emp.account].astype(np.int64)),
            "name": text(np.full(len(emp), "numberofemployees")),
            "value": text(emp.employees.astype(str)),
            "timestamp": times(emp.t),
            "source": text(np.full(len(emp), "INTEGRATION")),
            "_fivetran_start": times(emp.t),
            "_fivetran_end": times(emp.end),
            "_fivetran_active": ("boolean", emp["last"]),
            "_fivetran_synced": times(emp.t),
        },
    )


def contact_number(frame: pd.DataFrame) -> np.ndarray:
    return 60_000_000_000 + frame.account.to_numpy() * 1_000_000 + frame.k.to_numpy()


def land_contacts(world: World, landing: Landing, links: Links) -> None:
    frame = contact_table(world, landing, links)
    frame = frame[frame.created <= landing.until].reset_index(drop=True)
    n = len(frame)
    landing.land(
        "hubspot",
        "contact",
        {
            "id": ("bigint", contact_number(frame)),
            "property_email": text(frame.email),
            "property_firstname": text(frame.first_name),
            "property_lastname": text([f"Contact{k}" for k in frame.k]),
            "property_company": text(links.accounts.name.to_numpy()[frame.account]),
            "property_associatedcompanyid": ("bigint", frame.owner_account.astype(np.int64)),
            "property_jobtitle": text(frame.title),
            "property_createdate": times(frame.created),
            "property_hs_merged_object_ids": text(np.full(n, None)),
            "_fivetran_deleted": ("boolean", frame.deleted),
            "_fivetran_synced": times(frame.created),
        },
    )


def land_deals(world: World, landing: Landing, links: Links) -> None:
    _opt, seed, link = world.options, world.options.seed, links.accounts
    made = np.full(len(STAGES), landing.start - 900 * DAY * SECOND)
    landing.land(
        "hubspot",
        "deal_pipeline",
        {
            "pipeline_id": text([PIPELINE]),
            "label": text(["Sales"]),
            "active": flags(1, True),
            "_fivetran_deleted": flags(1),
            "display_order": ("integer", [0]),
            "created_at": times(made[:1]),
            "updated_at": times(made[:1]),
            "_fivetran_synced": times(made[:1]),
        },
    )
    stage, label, closed, probability = zip(*STAGES, strict=False)
    landing.land(
        "hubspot",
        "deal_pipeline_stage",
        {
            "stage_id": text(stage),
            "pipeline_id": text([PIPELINE] * len(STAGES)),
            "label": text(label),
            "is_closed": ("boolean", np.array(closed)),
            "closed_won": ("boolean", np.array(closed)),
            "probability": ("double", np.array(probability)),
            "display_order": ("integer", np.arange(len(STAGES))),
            "active": flags(len(STAGES), True),
            "_fivetran_deleted": flags(len(STAGES)),
            "created_at": times(made),
            "updated_at": times(made),
            "_fivetran_synced": times(made),
        },
    )
    hist = deal_history(world, landing)
    deal_id = 65_000_000_000 + hist.number
    value = hist.stage.map(STAGE_ID)
    landing.land(
        "hubspot",
        "deal_stage",
        {
            "deal_id": ("bigint", deal_id),
            "value": text(value),
            "date_entered": times(hist.start),
            "_fivetran_start": times(hist.start),
            "_fivetran_end": times(hist.end),
            "_fivetran_active": ("boolean", hist["last"]),
            "source": text(np.full(len(hist), "CRM_UI")),
            "source_id": text(np.full(len(hist), None)),
            "_fivetran_synced": times(hist.start),
        },
    )
    now = hist[hist["last"]].reset_index(drop=True)
    ids, n = 65_000_000_000 + now.number, len(now)
    old = now.number % 2 == 0  # deletions of both generations
    landing.land(
        "hubspot",
        "deal",
        {
            "deal_id": ("bigint", ids),
            "deal_pipeline_id": text([PIPELINE] * n),
            "deal_pipeline_stage_id": text(now.stage.map(STAGE_ID)),
            "owner_id": ("bigint", owner_number(world)[now.account]),
            "property_dealname": text(now.type + " deal"),
            "property_dealtype": text(now.type.map(DEAL_TYPE).fillna("existingbusiness")),
            "property_amount": ("bigint", now.amount),
            "property_closedate": times(np.where(now.closed, now.t1, now.t0 + 30 * DAY * SECOND)),
            "property_createdate": times(now.t0),
            "property_expansion_firing_id_c": text(np.full(n, None)),
            "is_deleted": ("boolean", np.where(old, now.deleted, None)),
            "_fivetran_deleted": ("boolean", np.where(old, None, now.deleted)),
            "portal_id": ("bigint", np.full(n, 4242)),
            "_fivetran_synced": times(now.start),
        },
    )
    # One deal in fifty hangs on no company, one in twenty on its company twice, once under a label.
    draw = unit(seed, 401, now.number)
    company = np.where(
        now.type == "New Business", link.known_id.to_numpy()[now.account], link.account_id.to_numpy()[now.account]
    ).astype(np.int64)
    primary, labelled = draw >= 0.02, draw > 0.95
    bridge = pd.DataFrame(
        {
            "deal": np.r_[ids[primary], ids[labelled]],
            "company": np.r_[company[primary], company[labelled]],
            "type": np.r_[np.full(primary.sum(), 5), np.full(labelled.sum(), 37)],
            "t": np.r_[now.t0[primary], now.t0[labelled]],
        }
    )
    landing.land(
        "hubspot",
        "deal_company",
        {
            "deal_id": ("bigint", bridge.deal),
            "company_id": ("bigint", bridge.company),
            "type_id": ("integer", bridge.type),
            "category": text(np.where(bridge.type == 5, "HUBSPOT_DEFINED", "USER_DEFINED")),
            "_fivetran_synced": times(bridge.t),
        },
    )
    landing.land(
        "hubspot",
        "deal_contact",
        {
            "deal_id": ("bigint", ids),
            "contact_id": ("bigint", 60_000_000_000 + now.account * 1_000_000),
            "type_id": ("integer", np.full(n, 3)),
            "category": text(np.full(n, "HUBSPOT_DEFINED")),
            "_fivetran_synced": times(now.t0),
        },
    )


def land_engagements(world: World, landing: Landing, links: Links) -> None:
    calls, meetings = call_table(world, landing), meeting_table(world, landing)
    company = world.accounts.account_id.to_numpy().astype(np.int64)
    owner = owner_number(world)
    parts = []
    for frame, base, kind in ((calls, CALL, "CALL"), (meetings, MEETING, "MEETING")):
        parts.append(
            pd.DataFrame({"id": base + frame.number, "type": kind, "account": frame.account, "created": frame.created})
        )
    heads = pd.concat(parts, ignore_index=True)
    n = len(heads)
    landing.land(
        "hubspot",
        "engagement",
        {
            "id": ("bigint", heads.id),
            "type": text(heads.type),
            "portal_id": ("bigint", np.full(n, 4242)),
            "_fivetran_synced": times(heads.created),
        },
    )
    for table, name, other in (
        ("engagement_company", "company_id", company[heads.account]),
        ("engagement_contact", "contact_id", 60_000_000_000 + heads.account * 1_000_000),
    ):
        landing.land(
            "hubspot",
            table,
            {
                "engagement_id": ("bigint", heads.id),
                name: ("bigint", other),
                "category": text(np.full(n, "HUBSPOT_DEFINED")),
                "_fivetran_synced": times(heads.created),
            },
        )
    deal = deal_history(world, landing).groupby("account").number.first().reindex(heads.account).to_numpy()
    tied = (heads.account.to_numpy() % 5 == 0) & ~np.isnan(deal)
    landing.land(
        "hubspot",
        "engagement_deal",
        {
            "engagement_id": ("bigint", heads.id),
            "deal_id": ("bigint", 65_000_000_000 + np.nan_to_num(deal).astype(np.int64)),
            "category": text(np.full(n, "HUBSPOT_DEFINED")),
            "_fivetran_synced": times(heads.created),
        },
        keep=tied,
    )
    none = np.full(len(calls), None)
    done = calls.t <= landing.until
    landing.land(
        "hubspot",
        "engagement_call",
        {
            "engagement_id": ("bigint", CALL + calls.number),
            "property_hs_timestamp": times(calls.t),
            "property_hs_createdate": times(calls.created),
            "property_hubspot_owner_id": ("bigint", owner[calls.account]),
            "property_hs_call_disposition": text(np.where(done, calls.disposition, None)),
            "property_hs_call_status": text(np.where(done, "COMPLETED", "QUEUED")),
            "property_expansion_firing_id_c": text(none),
            "_fivetran_deleted": ("boolean", calls.gone),
            "_fivetran_synced": times(calls.created),
        },
    )
    landing.land(
        "hubspot",
        "engagement_meeting",
        {
            "engagement_id": ("bigint", MEETING + meetings.number),
            "property_hs_timestamp": times(meetings.t),
            "property_hs_createdate": times(meetings.created),
            "property_hubspot_owner_id": ("bigint", owner[meetings.account]),
            "property_hs_meeting_title": text(np.full(len(meetings), "Business review")),
            "property_expansion_firing_id_c": text(np.full(len(meetings), None)),
            "_fivetran_deleted": flags(len(meetings)),
            "_fivetran_synced": times(meetings.created),
        },
    )


def land_email_events(world: World, landing: Landing, links: Links) -> None:
    """The newsletter as HubSpot tells it: by recipient, clicks a second time by themselves."""
    frame = newsletter_events(world, landing, links)
    kind = {"sent": "SENT", "open": "OPEN", "click": "CLICK", "unsubscribe": "STATUSCHANGE"}
    n = len(frame)
    landing.land(
        "hubspot",
        "email_event",
        {
            "id": text(frame.event),
            "created": times(frame.t),
            "recipient": text(frame.email),
            "type": text(frame.kind.map(kind)),
            "email_campaign_id": ("bigint", 80_000_000 + frame.day),
            "portal_id": ("bigint", np.full(n, 4242)),
            "filtered_event": flags(n),
            "obsoleted_by_id": text(np.full(n, None)),
            "_fivetran_synced": times(frame.t),
        },
    )
    clicks = frame[frame.kind == "click"]
    landing.land(
        "hubspot",
        "email_event_click",
        {
            "id": text(clicks.event),
            "url": text(np.full(len(clicks), "https://teamflow.example/news")),
            "_fivetran_synced": times(clicks.t),
        },
    )
