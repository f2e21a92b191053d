"""Awkward facts of real landings, each in a few rows, with what is right about them."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import pytest
from support.landing import at, land
from support.project import rows

AS_OF = "2026-06-01 00:00:00"
NOON = at("2026-05-05T12:00")
LONG = "0015g00000AbCdEAAV"
FACEBOOK = "https://www.facebook.com/"

ACCOUNTS = {
    "a_page": {"website": FACEBOOK + "alphaatelier"},
    "a_nothing": {"website": "N/A", "name": "Unknown"},
    "a_mail": {"website": "hotmail.co.uk"},
    "a_huawei": {"name": "華為 Cloud"},
    LONG: {},
    "a_org": {"zendesk_organization_id_c": "360001234567.0"},
    "a_group": {"product_group_id_c": " g_group "},
    "a_two": {"website": "https://one.example; https://other.example"},
    "a_other": {"website": "third.example"},
    "a_uuid": {"product_group_id_c": "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"},
    "a_grown": {},
    "a_deal": {},
    "a_kana": {"name": "ガイド Kompanie"},
}
CUSTOMERS = {
    "cus_mail": {"email": "boss@hotmail.co.uk"},
    "cus_nothing": {"name": "unknown", "email": "N/A"},
    "cus_east": {"name": "東方 Cloud"},
    "cus_huawei": {"name": "華為 CLOUD"},
    "cus_short": {"metadata": {"salesforce_account_id": LONG[:15]}},
    "cus_blank": {"metadata": {"salesforce_account_id": LONG + " "}},
    "cus_wrong_case": {"metadata": {"salesforce_account_id": LONG[:15].lower()}},
    "cus_null": {"metadata": {"salesforce_account_id": "null"}},
    "cus_shown": {"email": "Doe, Ann <ann@one.example>"},
    "cus_both": {"email": "ann@one.example; bob@third.example"},
    "cus_kana": {"name": "ｶﾞｲﾄﾞ KOMPANIE"},
}


def version(key: str, start: str, end: str | None, **values) -> dict:
    return {
        "id": key,
        "_fivetran_start": at(start),
        "_fivetran_end": at(end) if end else at("9999-12-31T23:59:59"),
    } | values


def deal(key: str, created: str, **values) -> dict:
    return {
        "id": key, "account_id": "a_deal", "type": "Expansion", "created_date": at(created), "close_date": None,
        "is_closed": True, "is_won": False, "last_stage_change_date": None,
    } | values  # fmt: skip


def event(key: str, **values) -> dict:
    return {"id": key, "timestamp": NOON, "received_at": NOON, "user_id": None, "context_group_id": None} | values


def ticket(key: int, **values) -> dict:
    return {
        "id": key, "organization_id": 360001234567, "status": "open", "priority": "urgent", "created_at": NOON, "merged_ticket_ids": "[]",
    } | values  # fmt: skip


OPEN, LOST = {"is_closed": False, "is_won": False}, {"is_closed": True, "is_won": False}
LANDING = {
    "salesforce/account": [
        {"id": key, "name": None, "website": None, "zendesk_organization_id_c": None, "product_group_id_c": None}
        | {"created_date": at("2025-01-01"), "number_of_employees": 10}
        | values
        for key, values in ACCOUNTS.items()
    ],
    "salesforce/user": [{"id": "u1", "email": "ae@teamflow.example"}],
    "salesforce_history/account": [
        version("a_grown", "2025-01-01", "2026-03-09T23:59:59.999", number_of_employees=90),
        version("a_grown", "2026-03-10", None, number_of_employees=110),
    ],
    "salesforce/opportunity": [
        deal("d_followed", "2026-03-01", **OPEN),
        deal("d_expected", "2026-03-01", close_date=at("2026-12-31"), last_stage_change_date=at("2026-04-20")),
        deal("d_late", "2026-01-01", close_date=at("2026-01-20")),
        deal("d_same_day", "2026-05-05T14:00", close_date=at("2026-05-05"), is_won=True),
        deal("d_type", "2026-05-01", type="Existing business of old", **OPEN),
        deal("d_type_too", "2026-05-01", type="existing BUSINESS OF old", **OPEN),
        deal("d_known", "2026-05-01", type="existing BUSINESS", **OPEN),
    ],
    "salesforce_history/opportunity": [
        version("d_followed", "2026-03-01", "2026-03-09T23:59:59.999", **OPEN),
        version("d_followed", "2026-03-10", None, **OPEN),
        version("d_late", "2026-05-10", None, **LOST),
    ],
    "stripe/customer": [
        {"id": key, "name": None, "email": None, "metadata": {"salesforce_account_id": None}, "created": NOON} | values
        for key, values in CUSTOMERS.items()
    ],
    "stripe/subscription": [{"id": "sub_1", "customer_id": "cus_mail", "status": "canceled", "created": NOON, "ended_at": NOON}],
    "stripe/subscription_item": [{"id": "si_1", "subscription_id": "sub_1", "plan_id": "p_1", "quantity": 1, "_fivetran_synced": NOON}],
    "stripe/invoice": [{"id": "in_1", "customer_id": "cus_mail", "status": "draft", "created": NOON}],
    "stripe/invoice_line_item": [
        {"id": "il_1", "invoice_id": "in_1", "subscription_item_id": "si_1", "type": "subscription", "proration": False, "amount": 100,
         "quantity": 1, "currency": "usd", "period_start": NOON, "period_end": NOON},
    ],
    "zendesk/organization": [{"id": 360001234567, "name": None}, {"id": 2, "name": "Unknown"}],
    "zendesk/ticket": [
        ticket(1, merged_ticket_ids="[2]"), ticket(2), ticket(3, status="deleted"), ticket(4, status="Closed"), ticket(5, status="parked"),
    ],
    "zendesk/ticket_tag": [{"ticket_id": 3, "tag": "seat_limit"}, {"ticket_id": 4, "tag": "closed_by_merge"}],
    "segment/tracks": [event("e_empty", event="invite_blocked", user_id="u_member", context_group_id="")],
    "segment/pages": [event(f"p_{number}", path="/pricing", user_id="", context_group_id="g_group") for number in (1, 2)],
    "segment/groups": [
        event(f"c_{number}", **values)
        for number, values in enumerate([
            {"group_id": "g_group", "user_id": "u_member", "timestamp": at("2026-05-01"), "received_at": at("2026-05-01")},
            {"group_id": "g_beta", "website": "facebook.com/betabakery"},
            {"group_id": "g_gamma", "website": "m.facebook.com/gammagarage"},
            {"group_id": "g_nothing", "website": "N/A", "name": "UNKNOWN"},
            {"group_id": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
        ])
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def built(project, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("real")
    land(folder / "raw", LANDING)
    select = ["+int_exclusion_spells", "+int_account_declines", "+int_account_employees_daily", "+int_product_events"]
    select += ["+instrumentation_backlog", "+int_support_tickets"]
    return project.build(folder, {"max_quarantined_share": 1, "as_of": AS_OF}, select)


def tuples(warehouse: Path, sql: str) -> list[tuple]:
    return [tuple(row.values()) for row in rows(warehouse, sql)]


def spans(built: Path, opportunity: str) -> list[tuple]:
    query = f"select is_closed, valid_from, valid_until from staging.stg_crm__opportunity_versions where opportunity_id = '{opportunity}' order by 2, 1"
    return tuples(built, query)


def matched(built: Path, source: str, record: str) -> tuple:
    query = f"select account_id, rule, unmatched_reason from intermediate.int_identity_matches where source_name = '{source}' and record_id = '{record}'"
    (found,) = tuples(built, query)
    return found


NO_MATCH = (None, None, "no_match")


def test_10_a_deal_is_open_at_the_instant_between_two_versions(built):
    query = "select from_at, to_at from intermediate.int_exclusion_spells where account_id = 'a_deal' and exclusion = 'open_expansion_opportunity' and from_at < '2026-03-11' order by 1, 2"
    found = tuples(built, query)
    assert any(start < at("2026-03-10") <= (end or datetime.max) for start, end in found)
    assert (at("2026-03-01"), at("2026-03-10")) in found


def test_11_employees_are_known_at_every_close(built):
    query = "select employees, valid_from, valid_until from intermediate.int_account_employees where account_id = 'a_grown' order by 2"
    assert tuples(built, query) == [(90, at("2025-01-01"), at("2026-03-10")), (110, at("2026-03-10"), None)]


def test_12_a_closing_date_that_is_an_expectation_closes_nothing(built):
    assert spans(built, "d_expected") == [
        (False, at("2026-03-01"), at("2026-04-20")),
        (True, at("2026-04-20"), None),
    ]
    query = "select declined_at from intermediate.int_account_declines where source_id = 'd_expected'"
    assert tuples(built, query) == [(at("2026-04-20"),)]


def test_13_a_history_that_begins_late_was_lost_at_its_closing_date(built):
    query = "select declined_at from intermediate.int_account_declines where source_id = 'd_late'"
    assert tuples(built, query) == [(at("2026-01-20"),)]
    assert spans(built, "d_late")[0] == (False, at("2026-01-01"), at("2026-01-20"))


def test_14_nothing_is_closed_before_it_was_created(built):
    assert spans(built, "d_same_day")[-1] == (True, at("2026-05-05T14:00"), None)


def test_15_a_type_that_no_seed_names_is_told_whatever_its_case(built):
    query = "select gap, affected from marts.instrumentation_backlog where gap_type = 'opportunity_type_without_row'"
    assert tuples(built, query) == [("existing business of old", 2)]
    query = "select is_expansion, is_type_known from staging.stg_crm__opportunities where opportunity_id = 'd_known'"
    assert tuples(built, query) == [(True, True)]


def test_17_a_page_on_a_shared_host_is_nobodys_domain(built):
    assert [matched(built, "product", group) for group in ("g_beta", "g_gamma")] == [NO_MATCH, NO_MATCH]


def test_18_a_word_for_nothing_is_neither_domain_nor_name(built):
    assert matched(built, "product", "g_nothing") == NO_MATCH
    assert matched(built, "billing", "cus_nothing") == NO_MATCH
    assert matched(built, "support", "2") == NO_MATCH


def test_19_regional_free_mail_names_nobody(built):
    assert matched(built, "billing", "cus_mail") == NO_MATCH


def test_20_names_are_read_in_every_script(built):
    assert matched(built, "billing", "cus_east") == NO_MATCH
    assert matched(built, "billing", "cus_huawei") == ("a_huawei", "name", None)
    assert matched(built, "billing", "cus_kana") == ("a_kana", "name", None)


def test_21_salesforce_ids_have_two_lengths_and_blanks(built):
    assert matched(built, "billing", "cus_short") == (LONG, "foreign_id", None)
    assert matched(built, "billing", "cus_blank") == (LONG, "foreign_id", None)
    assert matched(built, "billing", "cus_wrong_case") == NO_MATCH
    assert matched(built, "billing", "cus_null") == NO_MATCH


def test_22_an_id_may_land_with_decimals(built):
    assert matched(built, "support", "360001234567") == ("a_org", "foreign_id", None)


def test_ids_lose_blanks_and_uuids_their_case(built):
    assert matched(built, "product", "g_group") == ("a_group", "foreign_id", None)
    assert matched(built, "product", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11") == ("a_uuid", "foreign_id", None)


def test_a_field_names_all_its_sites_and_addresses(built):
    assert matched(built, "billing", "cus_shown") == ("a_two", "domain", None)
    assert matched(built, "billing", "cus_both") == (None, "domain", "ambiguous")


def test_23_an_empty_group_or_user_is_none(built):
    query = "select account_id, user_id from intermediate.int_product_events order by source_table, user_id"
    assert tuples(built, query) == [("a_group", None), ("a_group", None), ("a_group", "u_member")]


def test_24_deleted_and_merged_tickets_are_none(built):
    query = "select ticket_id, is_about_limits from intermediate.int_support_tickets order by 1"
    assert tuples(built, query) == [(1, False), (5, False)]
    query = "select gap from marts.instrumentation_backlog where gap_type = 'ticket_word_without_meaning'"
    assert tuples(built, query) == [("status: parked",)]


def test_26_a_struct_is_read_like_its_json_text(built):
    query = "select distinct metadata from raw_stripe.customer where id = 'cus_short'"
    assert tuples(built, query) == [('{"salesforce_account_id":"' + LONG[:15] + '"}',)]


HUBSPOT = {
    "hubspot/company": [
        {"id": 10, "property_name": "Labelled", "_fivetran_deleted": False},
        {"id": 20, "property_name": "Primary", "_fivetran_deleted": False},
        {"id": 30, "property_name": "Gone", "_fivetran_deleted": True},
    ],
    "hubspot/owner": [{"owner_id": 500, "email": "ae@teamflow.example", "active_user_id": 900}],
    "hubspot/contact": [
        {"id": 40, "property_associatedcompanyid": 20.0, "property_email": "new@gtx.example", "property_createdate": NOON,
         "property_hs_merged_object_ids": "41", "property_hs_additional_emails": "older@gtx.example"},
        {"id": 41, "property_associatedcompanyid": 10.0, "property_email": "old@gtx.example", "property_createdate": NOON},
    ],
    "hubspot/deal": [
        {"deal_id": number, "deal_pipeline_stage_id": "open", "property_createdate": NOON, "property_dealtype": "ExistingBusiness"} for number in (60, 61)
    ],
    "hubspot/deal_company": [
        {"deal_id": 60, "company_id": 10, "type_id": 5, "category": "USER_DEFINED"},
        {"deal_id": 60, "company_id": 20, "type_id": 5, "category": "HUBSPOT_DEFINED"},
        {"deal_id": 61, "company_id": 30, "type_id": 5, "category": "HUBSPOT_DEFINED"},
        {"deal_id": 61, "company_id": 10, "type_id": 341, "category": "HUBSPOT_DEFINED"},
    ],
    "hubspot/email_event": [
        {"id": f"e_{name}", "recipient": f"{name}@gtx.example", "type": "CLICK", "created": NOON} for name in ("new", "old", "older", "nobody")
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def second(project, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("hubspot")
    land(folder / "raw", HUBSPOT | {"segment/tracks": LANDING["segment/tracks"]})
    sources = {"crm": ["hubspot"], "marketing": ["hubspot"], "product": ["segment"]}
    select = ["+stg_crm__opportunities", "+stg_marketing__email_events"]
    return project.build(folder, {"sources": sources, "as_of": AS_OF}, select)


def test_16_only_hubspots_own_association_is_the_primary_one(second):
    query = "select opportunity_id, account_id, is_expansion from staging.stg_crm__opportunities order by 1"
    assert tuples(second, query) == [("60", "20", True), ("61", "10", True)]


def test_an_address_from_before_a_merge_is_the_survivors(second):
    query = (
        "select account_id, count(*) from staging.stg_marketing__email_events where account_id is not null group by 1"
    )
    assert tuples(second, query) == [("20", 3)]


TEXT = [
    ("2026-05-05 23:30:00-07", at("2026-05-06T06:30")),
    ("2026-05-05T10:00:00+02:00", at("2026-05-05T08:00")),
    ("2026-05-05T10:00:00Z", at("2026-05-05T10:00")),
    ("2026-05-05 10:00:00.123 UTC", at("2026-05-05T10:00:00.123")),
    ("2026-05-05 10:00:00-0730", at("2026-05-05T17:30")),
    ("2026-05-05 10:00", at("2026-05-05T10:00")),
    ("2026-05-05", at("2026-05-05")),
    ("05/05/2026 10:00", None),
    ("05-05-2026", None),
    ("26-05-05", None),
    ("1777975200", None),
    ("infinity", None),
    ("2026-05-05 10:00:00 PST", None),
    ("2026-05-05 10:00:00 America/New_York", None),
]


@pytest.fixture(scope="module")
def texts(project, tmp_path_factory) -> Path:
    """A landing of CSV files."""
    folder = tmp_path_factory.mktemp("texts")

    def table(name: str, header: list[str], lines: list[list[str]]) -> None:
        (folder / "raw" / name).mkdir(parents=True)
        with (folder / "raw" / name / "part.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *lines])

    header = ["id", "event", "user_id", "context_group_id", "timestamp", "received_at"]
    lines = [
        [f"e{number:02}", "x", r"\N", "NULL", text, "2026-05-31 00:00:00"] for number, (text, _) in enumerate(TEXT)
    ]
    table("segment/tracks", header, lines)
    scores = [["a", "12.50"], ["b", "nan"], ["c", "1,5"], ["d", "NULL"], ["e", "7"], ["f", "1e1"]]
    table(
        "generic/success_health_scores", ["account_id", "score", "scored_at"], [[*row, "2026-05-05"] for row in scores]
    )
    sizes = [["a", "90.0", "true"], ["b", "90.5", ""], ["c", r"\N", "no idea"], ["d", "", "f"]]
    table("salesforce/account", ["id", "number_of_employees", "is_deleted"], sizes)
    table("salesforce/user", ["id", "email"], [["u1", "ae@teamflow.example"]])
    sources = {"product": ["segment"], "crm": ["salesforce"], "success": ["generic"]}
    select = ["+stg_product__event_copies", "+base_salesforce__accounts", "+quarantined_records"]
    return project.build(folder, {"sources": sources, "max_quarantined_share": 1, "as_of": AS_OF}, select)


def test_25_a_moment_in_text_carries_its_offset_or_is_quarantined(texts):
    read = dict(tuples(texts, "select id, timestamp from raw_segment.tracks"))
    assert read == {f"e{number:02}": moment for number, (_, moment) in enumerate(TEXT) if moment}
    query = "select record_id, reason from raw_quarantine.records where table_name = 'tracks' order by 1"
    lost = [f"e{number:02}" for number, (_, moment) in enumerate(TEXT) if not moment]
    assert tuples(texts, query) == [(key, "does_not_cast_to_timestamp") for key in lost]


def test_words_for_nothing_are_null_in_csv(texts):
    assert tuples(texts, "select distinct user_id, context_group_id from raw_segment.tracks") == [(None, None)]


def test_numbers_in_text_are_numbers_or_quarantined(texts):
    query = "select account_id, score from raw_generic.success_health_scores order by 1"
    assert tuples(texts, query) == [("a", 12.5), ("e", 7.0), ("f", 10.0)]
    query = "select id, number_of_employees, is_deleted from raw_salesforce.account order by 1"
    assert tuples(texts, query) == [("a", 90, True), ("d", None, False)]
