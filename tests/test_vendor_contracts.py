"""Every vendor's awkward facts, each in a few literal rows, and what staging makes of them."""

from __future__ import annotations

import pytest
from support.landing import at, land
from support.project import rows

SELECT = ["+path:models/staging", "+int_urgent_ticket_spells", "+int_tracking_plan_matches", "+quarantined_records"]
BORN = at("2026-01-01")

SEGMENT = {
    "segment/tracks": [
        # Received twice, the earlier copy second; the client's clock ran ahead; a display name in the place of the slug.
        {"id": "e1", "event": "invite_blocked", "timestamp": at("2026-03-01T10:00"), "received_at": at("2026-03-01T12:00")},
        {"id": "e1", "event": "invite_blocked", "timestamp": at("2026-03-01T10:00"), "received_at": at("2026-03-01T11:00")},
        {"id": "e2", "event": "invite_blocked", "timestamp": at("2026-03-02T10:00"), "received_at": at("2026-03-02T09:00")},
        {
            "id": "e3", "event": "Invite Blocked", "event_text": "blocked at the limit", "user_id": "u1",
            "context_group_id": "g1", "timestamp": at("2026-03-03T10:00"), "received_at": at("2026-03-03T10:00"),
        },
    ],
    "segment/pages": [
        {"id": "p1", "url": "https://app.example/pricing?x=1", "timestamp": at("2026-03-01"), "received_at": at("2026-03-01")}
    ],
    # Neither user nor timestamp, as some connectors land group calls.
    "segment/groups": [{"id": "c1", "group_id": "g1", "name": "GTX", "received_at": at("2026-03-01T08:00")}],
}  # fmt: skip

# The vendor's own spelling, history mode, deletions and merges.
SALESFORCE = {
    "salesforce/account": [
        {"Id": "a1", "Name": "GTX", "Website": "gtx.example", "NumberOfEmployees": 90, "Time_Zone__c": "Europe/Paris"},
        {"Id": "a1", "Name": "GTX as it was", "NumberOfEmployees": 50, "_fivetran_active": False},
        {"Id": "a2", "Name": "GTX copy", "IsDeleted": True, "MasterRecordId": "a1"},
        {"Id": "a3", "Name": "Gone", "IsDeleted": True},
        # A connector that changed its spelling fills the newer column alone.
        {"Id": "a4", "Name": "Other", "NumberOfEmployees": None, "number_of_employees": 7},
    ],
    "salesforce/user": [
        {"Id": "u1", "Email": "ae@teamflow.example", "IsActive": True},
        {"Id": "u2", "Email": "left@teamflow.example", "IsActive": False},
        {"Id": "u3", "Email": "gone@teamflow.example", "IsActive": True, "_fivetran_deleted": True},
    ],
    "salesforce/contact": [
        {"Id": "c1", "AccountId": "a2", "CreatedDate": BORN},
        {"Id": "c2", "AccountId": "a1", "CreatedDate": BORN, "MasterRecordId": "c1"},
        {"Id": "c3", "AccountId": "a1", "CreatedDate": BORN, "_fivetran_active": False},
        {"Id": "c4", "AccountId": "a1", "CreatedDate": BORN, "IsDeleted": True},
    ],
    "salesforce/opportunity": [
        {"Id": "o1", "AccountId": "a1", "Type": "Upsell", "CreatedDate": BORN, "IsClosed": True, "IsWon": False, "CloseDate": at("2026-03-31")},
        {"Id": "o2", "AccountId": "a3", "Type": "Upsell", "CreatedDate": BORN, "IsClosed": False, "IsWon": False},
        {"Id": "o3", "AccountId": None, "Type": "Upsell", "CreatedDate": BORN, "IsClosed": False, "IsWon": False},
    ],
    "salesforce/event": [
        {"Id": "m1", "AccountId": "a1", "CreatedDate": BORN, "IsChild": False},
        {"Id": "m2", "AccountId": "a1", "CreatedDate": BORN, "IsChild": True},
    ],
    "salesforce_history/opportunity": [
        {"Id": "o1", "IsClosed": False, "IsWon": False, "_fivetran_start": BORN, "_fivetran_end": at("2026-02-01")},
        {"Id": "o1", "IsClosed": True, "IsWon": False, "_fivetran_start": at("2026-02-01"), "_fivetran_end": at("9999-12-31")},
    ],
}  # fmt: skip

LINE = {"invoice_id": "in_1", "amount": 1000, "currency": "usd", "type": "subscription", "period_start": BORN, "period_end": at("2026-02-01"),
        "subscription_item_id": "si_1", "quantity": 5, "proration": False}  # fmt: skip
STRIPE = {
    "stripe/customer": [
        {"id": "cus_1", "livemode": True, "metadata": '{"salesforce_account_id": "a1"}'},
        {"id": "cus_test", "livemode": False},
        {"id": "cus_gone", "livemode": True, "is_deleted": True},
    ],
    # Versions, and a stale table of the older generation beside them.
    "stripe/subscription_history": [
        {"id": "sub_1", "ended_at": None, "customer_id": "cus_1", "status": "trialing", "_fivetran_active": False, "_fivetran_synced": at("2026-03-01")},
        {"id": "sub_1", "customer_id": "cus_1", "status": "active", "_fivetran_active": True, "_fivetran_synced": at("2026-02-01")},
        {"id": "sub_test", "customer_id": "cus_1", "status": "active", "livemode": False, "_fivetran_synced": at("2026-02-01")},
    ],
    "stripe/subscription": [
        {"id": "sub_1", "ended_at": BORN, "customer_id": "cus_1", "status": "canceled", "created": BORN},
        {"id": "sub_stale", "customer_id": "cus_1", "status": "canceled", "created": BORN},
    ],
    "stripe/subscription_item": [
        {"id": "si_1", "subscription_id": "sub_1", "plan_id": "price_1", "quantity": 5, "_fivetran_synced": BORN},
        # Items have no mode of their own.
        {"id": "si_test", "subscription_id": "sub_test", "plan_id": "price_1", "quantity": 5},
    ],
    "stripe/price": [
        {"id": "price_1", "product_id": "pro", "currency": "usd", "unit_amount": 1200, "recurring_interval": "month", "livemode": True},
        {"id": "price_yen", "product_id": "pro", "currency": "JPY", "unit_amount": 1500, "recurring_interval": "month"},
        {"id": "price_fine", "product_id": "pro", "currency": "usd", "unit_amount": 1, "unit_amount_decimal": "0.5", "recurring_interval": "month"},
        {"id": "price_test", "product_id": "pro", "currency": "usd", "unit_amount": 1, "recurring_interval": "month", "livemode": False},
    ],
    "stripe/plan": [
        {"id": "price_1", "product_id": "pro", "currency": "usd", "amount": 900, "interval": "year", "interval_count": 1},
        {"id": "plan_old", "product_id": "pro", "currency": "usd", "amount": 700, "interval": "week", "interval_count": 2},
    ],
    "stripe/invoice": [
        {"id": "in_1", "customer_id": "cus_1", "status": "paid", "created": BORN, "status_transitions_paid_at": BORN},
        {"id": "in_test", "customer_id": "cus_1", "status": "paid", "created": BORN, "livemode": False},
    ],
    "stripe/invoice_line_item": [
        {"id": "sli_1", **LINE, "price_id": "price_1"},
        {"id": "sub_1234", **LINE, "price_id": "price_1", "quantity": 99},
        {"id": "sli_yen", **LINE, "currency": "jpy", "amount": 1500, "price_id": "price_yen"},
        {"id": "sli_plan", **LINE, "plan_id": "plan_old"},
        {"id": "sli_test", **LINE, "livemode": False},
    ],
}  # fmt: skip

ZENDESK = {
    "zendesk/organization": [{"id": 1, "name": "GTX", "external_id": "a1", "domain_names": "gtx.example, gtx.test"}],
    "zendesk/user": [{"id": 10, "organization_id": 1}, {"id": 11, "organization_id": None}],
    "zendesk/ticket": [
        {"id": 100, "organization_id": None, "requester_id": 10, "status": "open", "priority": "urgent", "created_at": at("2026-02-01")},
        {"id": 101, "organization_id": None, "requester_id": 11, "status": "open", "priority": None, "created_at": at("2026-02-01")},
        {"id": 102, "organization_id": 1, "requester_id": 10, "status": "solved", "priority": "urgent", "created_at": at("2026-02-01")},
        {"id": 104, "organization_id": 1, "requester_id": 10, "status": "deleted", "priority": "urgent", "created_at": at("2026-02-01")},
        {"id": 103, "organization_id": 1, "requester_id": 10, "status": "open", "priority": "urgent", "created_at": at("2026-02-01"),
         "_fivetran_deleted": True},
    ],
    "zendesk/ticket_field_history": [
        {"ticket_id": 100, "field_name": "status", "value": "new", "updated": at("2026-02-01")},
        {"ticket_id": 100, "field_name": "priority", "value": "urgent", "updated": at("2026-02-01")},
        {"ticket_id": 102, "field_name": "status", "value": "new", "updated": at("2026-02-01")},
        {"ticket_id": 102, "field_name": "priority", "value": "urgent", "updated": at("2026-02-01")},
        {"ticket_id": 102, "field_name": "status", "value": "deleted", "updated": at("2026-02-03")},
        # Restored, on hold in either spelling, solved.
        {"ticket_id": 102, "field_name": "status", "value": "on-hold", "updated": at("2026-02-05")},
        {"ticket_id": 102, "field_name": "status", "value": "solved", "updated": at("2026-02-07")},
    ],
}  # fmt: skip

DEAL = {"deal_pipeline_stage_id": "open", "property_createdate": BORN, "property_dealtype": "existingbusiness"}
CALL = {"property_hs_createdate": BORN, "property_hs_timestamp": at("2026-01-03")}
HUBSPOT = {
    "hubspot/company": [
        {"id": 20, "property_name": "GTX", "property_domain": "gtx.example", "property_numberofemployees": 90.0, "property_createdate": BORN,
         "property_time_zone_c": "Europe/Paris", "property_hs_merged_object_ids": "21;22", "_fivetran_deleted": False},
        {"id": 3, "property_name": "Other"},
        {"id": 30, "property_name": "Gone, older connector", "is_deleted": True},
        {"id": 31, "property_name": "Gone, newer connector", "_fivetran_deleted": True},
        # Merged away, and its row still there.
        {"id": 22, "property_name": "GTX copy"},
    ],
    "hubspot/company_property_history": [
        {"company_id": 20, "name": "numberofemployees", "value": "50", "timestamp": at("2026-01-01")},
        {"company_id": 20, "name": "numberofemployees", "value": "90", "timestamp": at("2026-02-01")},
        {"company_id": 20, "name": "lifecyclestage", "value": "customer", "timestamp": at("2026-02-01")},
    ],
    "hubspot/owner": [
        {"owner_id": 500, "email": "ae@teamflow.example", "first_name": "Ada", "last_name": "Lovelace", "active_user_id": 900},
        {"owner_id": 501, "email": "left@teamflow.example", "active_user_id": None},
    ],
    "hubspot/contact": [
        {"id": 40, "property_associatedcompanyid": 20.0, "property_email": "a@gtx.example", "property_createdate": BORN,
         "property_hs_merged_object_ids": "41"},
        {"id": 41, "property_associatedcompanyid": 20.0, "property_createdate": BORN},
        {"id": 42, "property_associatedcompanyid": None, "property_email": "free@gtx.example", "property_createdate": BORN},
        {"id": 43, "property_associatedcompanyid": 20.0, "property_email": "gone@gtx.example", "property_createdate": BORN,
         "_fivetran_deleted": True},
        {"id": 44, "property_associatedcompanyid": 20.0, "property_createdate": BORN},
    ],
    "hubspot/contact_merge_audit": [{"canonical_vid": 40, "vid_to_merge": 44}],
    "hubspot/deal": [
        {"deal_id": 60, **DEAL},
        {"deal_id": 61, **DEAL},
        {"deal_id": 62, **DEAL, "deal_pipeline_stage_id": "won"},
        {"deal_id": 63, **DEAL, "deal_pipeline_stage_id": "lost"},
        {"deal_id": 64, **DEAL, "is_deleted": True},
        {"deal_id": 65, **DEAL, "_fivetran_deleted": True},
        {"deal_id": 66, **DEAL},
        {"deal_id": 67, **DEAL, "property_dealtype": "newbusiness"},
    ],
    "hubspot/deal_company": [
        {"deal_id": 60, "company_id": 3, "type_id": 341},
        {"deal_id": 60, "company_id": 20, "type_id": 5},
        {"deal_id": 60, "company_id": 20, "type_id": 37},
        # No primary association: the lowest id, as a number.
        {"deal_id": 62, "company_id": 20, "type_id": 37},
        {"deal_id": 62, "company_id": 3, "type_id": 37},
        {"deal_id": 63, "company_id": 21, "type_id": 5},
        {"deal_id": 64, "company_id": 20, "type_id": 5},
        {"deal_id": 65, "company_id": 20, "type_id": 5},
        {"deal_id": 66, "company_id": 20, "type_id": 5},
        {"deal_id": 67, "company_id": 31, "type_id": 5},
    ],
    "hubspot/deal_pipeline_stage": [
        {"stage_id": "open", "is_closed": False, "closed_won": False, "probability": 0.2},
        {"stage_id": "won", "is_closed": True, "closed_won": True, "probability": 1.0},
        # The deprecated column alone: closed_won means closed.
        {"stage_id": "lost", "is_closed": None, "closed_won": True, "probability": 0.0},
    ],
    "hubspot/deal_stage": [
        {"deal_id": 63, "value": "open", "date_entered": BORN, "_fivetran_start": BORN, "_fivetran_active": False},
        {"deal_id": 63, "value": "lost", "date_entered": at("2026-02-01"), "_fivetran_start": at("2026-02-01"), "_fivetran_active": True},
    ],
    "hubspot/merged_deal": [{"deal_id": 60, "merged_deal_id": 66}],
    "hubspot/engagement": [{"id": 70, "type": "CALL"}, {"id": 73, "type": "MEETING", "created_at": BORN, "timestamp": at("2026-01-09")}],
    "hubspot/engagement_company": [
        {"engagement_id": 70, "company_id": 20},
        {"engagement_id": 70, "company_id": 3},
        {"engagement_id": 73, "company_id": 20},
    ],
    "hubspot/engagement_deal": [{"engagement_id": 71, "deal_id": 60}],
    "hubspot/engagement_contact": [{"engagement_id": 72, "contact_id": 40}],
    "hubspot/engagement_call": [
        {"engagement_id": 70, **CALL, "property_hs_call_status": "COMPLETED", "property_hs_call_disposition": "No Budget",
         "property_expansion_firing_id_c": "f1"},
        {"engagement_id": 71, **CALL, "property_hs_call_status": "QUEUED"},
        {"engagement_id": 74, **CALL, "_fivetran_deleted": True},
    ],
    "hubspot/engagement_task": [
        {"engagement_id": 72, **CALL, "property_hs_task_status": "COMPLETED", "property_hs_task_completion_date": at("2026-01-05")},
    ],
    # The type's own dates are empty: an older connector kept them on the header.
    "hubspot/engagement_meeting": [{"engagement_id": 73, "property_hs_timestamp": None, "property_hs_createdate": None}],
    # Recipients are e-mails: of a contact in any case, of nobody, of a contact that is deleted, of one without a company.
    "hubspot/email_event": [
        {"id": "e1", "recipient": "A@gtx.example", "type": "CLICK", "created": at("2026-02-01T10:00"), "filtered_event": None, "obsoleted_by_id": None},
        # The same event again, as a connector that synchronised twice lands it.
        {"id": "e1", "recipient": "A@gtx.example", "type": "CLICK", "created": at("2026-02-01T10:00")},
        {"id": "e2", "recipient": "a@gtx.example", "type": "OPEN", "created": at("2026-02-01T09:59")},
        {"id": "e3", "recipient": "nobody@example.example", "type": "CLICK", "created": at("2026-02-02")},
        {"id": "e4", "recipient": "gone@gtx.example", "type": "CLICK", "created": at("2026-02-02")},
        {"id": "e5", "recipient": "free@gtx.example", "type": "CLICK", "created": at("2026-02-02")},
        {"id": "e6", "recipient": None, "type": "CLICK", "created": at("2026-02-02")},
        # A bot that follows every link, and an event that another one replaced.
        {"id": "e7", "recipient": "a@gtx.example", "type": "CLICK", "created": at("2026-02-02"), "filtered_event": True},
        {"id": "e8", "recipient": "a@gtx.example", "type": "CLICK", "created": at("2026-02-02"), "obsoleted_by_id": "e1"},
    ],
    "hubspot/email_event_click": [{"id": "e1", "url": "https://teamflow.example"}],
}  # fmt: skip

# Custom properties under names of the company's own, as crm_fields says them. A number may land with decimals.
NAMED = {"crm_fields": {"stripe_customer_id": "billing_ref", "product_group_id": "workspace", "zendesk_organization_id": "help_desk_org",
                        "expansion_firing_id": "playbook_firing"}}  # fmt: skip
REACTED = {"property_playbook_firing": "f1", "property_hs_createdate": BORN, "property_hs_timestamp": BORN}
NAMING = {
    "hubspot/company": [
        {"id": 50, "property_name": "A", "property_billing_ref": "cus_a", "property_workspace": "g_a", "property_help_desk_org": 1.0},
        # Merged into the first, and still named by others.
        {"id": 51, "property_name": "B", "property_billing_ref": "cus_b", "property_hs_merged_object_ids": None},
        {"id": 52, "property_name": "C", "property_hs_merged_object_ids": "51"},
    ],
    "hubspot/owner": [{"owner_id": 500, "email": "ae@teamflow.example", "active_user_id": 900}],
    "hubspot/deal": [{"deal_id": 60, "deal_pipeline_stage_id": "open", "property_createdate": BORN, "property_playbook_firing": "f1"}],
    "hubspot/deal_company": [{"deal_id": 60, "company_id": 50, "type_id": 5}],
    "hubspot/engagement_company": [{"engagement_id": number, "company_id": 50} for number in (70, 71, 72)],
    "hubspot/engagement_call": [{"engagement_id": 70, **REACTED}],
    "hubspot/engagement_task": [{"engagement_id": 71, **REACTED}],
    "hubspot/engagement_meeting": [{"engagement_id": 72, **REACTED}],
    "stripe/customer": [
        {"id": "cus_a", "metadata": None},
        {"id": "cus_b", "metadata": None},
        {"id": "cus_c", "metadata": '{"hubspot_company_id": "52"}'},
        {"id": "cus_d", "metadata": '{"hubspot_company_id": 50}'},
    ],
    "zendesk/organization": [{"id": 1, "name": "Else", "external_id": None}, {"id": 2, "name": "Else", "external_id": "52"}],
    "segment/groups": [{"id": f"c_{group}", "group_id": group, "received_at": BORN} for group in ("g_a", "52")],
}  # fmt: skip


@pytest.fixture(scope="module")
def named(project, tmp_path_factory):
    """HubSpot whose custom properties name the records of the other vendors, up to identity."""
    folder = tmp_path_factory.mktemp("named")
    segment = {name: SEGMENT[name] for name in ("segment/tracks", "segment/pages")}
    land(folder / "raw", STRIPE | ZENDESK | segment | NAMING)
    sources = {"product": ["segment"], "crm": ["hubspot"], "billing": ["stripe"], "support": ["zendesk"]}
    variables = NAMED | {"sources": sources}
    select = ["+int_identity_matches", "+stg_crm__opportunities", "+stg_crm__tasks", "+stg_crm__meetings"]
    return project.build(folder, variables | {"max_quarantined_share": 1}, select)


@pytest.fixture(scope="module")
def first(project, tmp_path_factory):
    """Salesforce in its own spelling, Stripe, Zendesk and Segment, up to staging."""
    folder = tmp_path_factory.mktemp("vendors")
    land(folder / "raw", SEGMENT | SALESFORCE | STRIPE | ZENDESK)
    return project.build(folder, {"max_quarantined_share": 1}, SELECT)


@pytest.fixture(scope="module")
def second(project, tmp_path_factory):
    """HubSpot alone, up to staging."""
    folder = tmp_path_factory.mktemp("hubspot")
    land(folder / "raw", HUBSPOT)
    sources = {"crm": ["hubspot"], "marketing": ["hubspot"]}
    return project.build(folder, {"sources": sources}, ["+path:models/staging/crm", "+path:models/staging/marketing"])


def values(warehouse, sql: str) -> list:
    return [next(iter(row.values())) for row in rows(warehouse, sql)]


def tuples(warehouse, sql: str) -> list[tuple]:
    return [tuple(row.values()) for row in rows(warehouse, sql)]


# Segment


def test_an_event_stands_once_by_its_earliest_copy(first):
    found = tuples(
        first,
        "select event_name, event_at, received_at from staging.stg_product__events where source_table = 'tracks' order by 2",
    )
    assert found == [
        ("invite_blocked", at("2026-03-01T10:00"), at("2026-03-01T11:00")),
        ("invite_blocked", at("2026-03-02T09:00"), at("2026-03-02T09:00")),
        ("Invite Blocked", at("2026-03-03T10:00"), at("2026-03-03T10:00")),
    ]


def test_a_display_name_is_a_name_that_the_plan_may_lack(first):
    query = "select event_name, is_named from intermediate.int_tracking_plan_matches where source_table = 'tracks' order by 1"
    assert tuples(first, query) == [("Invite Blocked", False), ("invite_blocked", True)]


def test_a_page_without_a_path_has_that_of_its_address(first):
    assert values(first, "select event_name from staging.stg_product__events where source_table = 'pages'") == [
        "/pricing"
    ]


def test_a_group_call_needs_neither_user_nor_timestamp(first):
    assert tuples(first, "select group_id, user_id, event_at from staging.stg_product__group_calls") == [
        ("g1", None, at("2026-03-01T08:00"))
    ]


# Salesforce


def test_both_spellings_are_read_and_only_current_rows_count(first):
    query = "select account_id, account_name, employees, time_zone from staging.stg_crm__accounts order by 1"
    assert tuples(first, query) == [("a1", "GTX", 90, "Europe/Paris"), ("a4", "Other", 7, None)]


def test_children_of_a_merged_account_are_the_survivors(first):
    assert tuples(first, "select contact_id, account_id from staging.stg_crm__contacts") == [("c1", "a1")]


def test_users_who_left_own_nothing(first):
    assert values(first, "select user_id from staging.stg_crm__users") == ["u1"]


def test_history_mode_tells_when_a_deal_was_lost(first):
    query = "select is_closed, is_won, valid_from from staging.stg_crm__opportunity_versions where opportunity_id = 'o1' order by 3"
    assert tuples(first, query) == [(False, False, BORN), (True, False, at("2026-02-01"))]


def test_copies_of_invitees_are_no_meetings(first):
    assert values(first, "select meeting_id from staging.stg_crm__meetings") == ["m1"]


def test_records_without_a_live_account_are_told(first):
    query = "select table_name, record_id, reason from staging.stg_crm__unplaced_records order by 1, 2"
    assert tuples(first, query) == [("opportunity", "o2", "deleted_account"), ("opportunity", "o3", "no_account")]


# Stripe


def test_test_mode_and_deleted_customers_are_out(first):
    assert values(first, "select customer_id from staging.stg_billing__customers") == ["cus_1"]


def test_a_history_of_subscriptions_takes_the_place_of_the_table(first):
    assert tuples(first, "select subscription_id, status from staging.stg_billing__subscriptions") == [
        ("sub_1", "active")
    ]


def test_an_item_is_of_the_mode_of_its_subscription(first):
    assert values(first, "select subscription_item_id from staging.stg_billing__items") == ["si_1"]


def test_temporary_lines_and_test_lines_are_out_and_a_plan_stands_for_a_price(first):
    query = "select invoice_line_id, price_id from staging.stg_billing__invoice_lines order by 1"
    assert tuples(first, query) == [("sli_1", "price_1"), ("sli_plan", "plan_old"), ("sli_yen", "price_yen")]


def test_amounts_are_units_and_yen_has_no_minor_ones(first):
    query = "select price_id, unit_amount from staging.stg_billing__prices where price_id <> 'price_1' order by 1"
    assert tuples(first, query) == [("plan_old", 7.0), ("price_fine", 0.005), ("price_yen", 1500.0)]
    assert values(first, "select amount from staging.stg_billing__invoice_lines where invoice_line_id = 'sli_yen'") == [
        1500.0
    ]


def test_a_price_has_precedence_over_the_plan_of_its_id(first):
    query = (
        "select unit_amount, interval_unit, catalogue_table from staging.stg_billing__prices where price_id = 'price_1'"
    )
    assert tuples(first, query) == [(12.0, "month", "price")]


def test_invoices_of_test_mode_are_out(first):
    assert values(first, "select invoice_id from staging.stg_billing__invoices") == ["in_1"]


# Zendesk


def test_a_ticket_without_organisation_has_that_of_its_requester(first):
    query = "select ticket_id, organization_id, priority from staging.stg_support__tickets order by 1"
    assert tuples(first, query) == [(100, "1", "urgent"), (101, None, None), (102, "1", "urgent")]


def test_a_deleted_ticket_is_not_open_and_may_be_restored(first):
    query = (
        "select urgent_from, urgent_until from intermediate.int_urgent_ticket_spells where ticket_id = 102 order by 1"
    )
    assert tuples(first, query) == [(at("2026-02-01"), at("2026-02-03")), (at("2026-02-05"), at("2026-02-07"))]


def test_domains_may_be_a_list_on_the_organisation(first):
    assert values(first, "select domain_name from staging.stg_support__organization_domains order by 1") == [
        "gtx.example",
        "gtx.test",
    ]


# HubSpot


def test_companies_are_live_unless_either_flag_is_set_or_another_lists_them(second):
    query = "select account_id, account_name, website, employees, time_zone from staging.stg_crm__accounts order by 1"
    assert tuples(second, query) == [("20", "GTX", "gtx.example", 90, "Europe/Paris"), ("3", "Other", None, None, None)]


def test_ids_of_merged_companies_lead_to_the_survivor(second):
    query = "select account_id, survivor_account_id from staging.stg_crm__account_survivors order by 1"
    assert tuples(second, query) == [("20", "20"), ("21", "20"), ("22", "20"), ("3", "3"), ("30", None), ("31", None)]


def test_a_company_has_the_employees_of_each_time(second):
    query = "select employees, valid_from, valid_until from staging.stg_crm__account_versions order by 2"
    assert tuples(second, query) == [(50, BORN, at("2026-02-01")), (90, at("2026-02-01"), None)]


def test_a_deal_has_one_company_and_the_stage_says_how_it_ended(second):
    query = "select opportunity_id, account_id, is_expansion, is_closed, is_won from staging.stg_crm__opportunities order by 1"
    assert tuples(second, query) == [
        ("60", "20", True, False, False),
        ("62", "3", True, True, True),
        ("63", "20", True, True, False),
    ]


def test_records_without_a_company_are_told(second):
    query = "select source_name, table_name, record_id, reason from staging.stg_crm__unplaced_records order by 2, 3"
    assert tuples(second, query) == [
        ("hubspot", "contact", "42", "no_account"),
        ("hubspot", "opportunity", "61", "no_account"),
        ("hubspot", "opportunity", "67", "deleted_account"),
    ]


def test_stages_are_the_history_of_a_deal(second):
    query = "select is_closed, is_won, valid_from, valid_until from staging.stg_crm__opportunity_versions where opportunity_id = '63' order by 3"
    assert tuples(second, query) == [(False, False, BORN, at("2026-02-01")), (True, False, at("2026-02-01"), None)]


def test_merged_and_deleted_contacts_are_gone(second):
    assert tuples(second, "select contact_id, account_id from staging.stg_crm__contacts") == [("40", "20")]


def test_calls_and_tasks_find_their_company_and_carry_their_result(second):
    query = "select task_id, account_id, is_decline, is_closed, completed_at, firing_id from staging.stg_crm__tasks order by 1"
    assert tuples(second, query) == [
        ("70", "3", True, True, at("2026-01-03"), "f1"),
        ("71", "20", False, False, None, None),
        ("72", "20", False, True, at("2026-01-05"), None),
    ]


def test_a_meeting_without_dates_has_those_of_its_header(second):
    query = "select meeting_id, account_id, created_at, starts_at from staging.stg_crm__meetings"
    assert tuples(second, query) == [("73", "20", BORN, at("2026-01-09"))]


def test_owners_who_cannot_log_in_own_nothing(second):
    assert tuples(second, "select user_id, email, user_name from staging.stg_crm__users") == [
        ("500", "ae@teamflow.example", "Ada Lovelace")
    ]


def test_an_email_event_stands_once_and_filtered_ones_nowhere(second):
    query = "select event_id, event_type from staging.stg_marketing__email_events order by 1"
    clicks = [(event, "click") for event in ("e3", "e4", "e5", "e6")]
    assert tuples(second, query) == [("e1", "click"), ("e2", "open"), *clicks]


def test_a_click_is_the_company_s_of_its_recipient_or_nobody_s(second):
    query = "select account_id, occurred_at from staging.stg_marketing__email_events where event_type = 'click' and account_id is not null"
    assert tuples(second, query) == [("20", at("2026-02-01T10:00"))]


def test_without_marketing_events_nobody_clicks(first):
    """Neither vendor has landed any; Salesforce is the CRM, and HubSpot serves nothing."""
    assert tuples(first, "select * from staging.stg_marketing__email_events") == []


def test_custom_properties_name_the_records_of_other_vendors(named):
    query = "select source_name, record_id, account_id, rule from intermediate.int_identity_matches where account_id is not null order by 1, 2"
    assert tuples(named, query) == [
        ("billing", "cus_a", "50", "foreign_id"),
        ("billing", "cus_b", "52", "foreign_id"),
        ("billing", "cus_c", "52", "foreign_id"),
        ("billing", "cus_d", "50", "foreign_id"),
        ("product", "52", "52", "foreign_id"),
        ("product", "g_a", "50", "foreign_id"),
        ("support", "1", "50", "foreign_id"),
        ("support", "2", "52", "foreign_id"),
    ]


@pytest.mark.parametrize("table, ids", [("opportunities", ["60"]), ("tasks", ["70", "71"]), ("meetings", ["72"])])
def test_activities_and_deals_carry_the_firing_under_the_company_s_own_name(named, table, ids):
    key = {"opportunities": "opportunity_id", "tasks": "task_id", "meetings": "meeting_id"}[table]
    assert tuples(named, f"select {key}, firing_id from staging.stg_crm__{table} order by 1") == [
        (one, "f1") for one in ids
    ]


def test_marketing_events_have_the_shape_of_the_neutral_ones(second):
    query = "select column_name, data_type from information_schema.columns where table_name = 'base_hubspot__email_events' order by ordinal_position"
    assert tuples(second, query) == [
        ("event_id", "VARCHAR"),
        ("contact_id", "VARCHAR"),
        ("email", "VARCHAR"),
        ("event_type", "VARCHAR"),
        ("occurred_at", "TIMESTAMP"),
    ]


@pytest.mark.parametrize(
    "shape",
    ["accounts", "contacts", "meetings", "opportunities", "tasks", "users"],
)
def test_both_crms_have_one_shape(second, shape):
    """Vendors are put below each other column by column: a name or type out of place would mix them up."""
    query = "select column_name, data_type from information_schema.columns where table_name = 'base_{}__{}' order by ordinal_position"
    assert tuples(second, query.format("hubspot", shape)) == tuples(second, query.format("salesforce", shape))
