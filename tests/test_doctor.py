"""The doctor names what is missing in a landing and its configuration, and leaves a healthy one alone."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from pathlib import Path

import duckdb
import pytest
import yaml
from support.built_world import rewrite
from support.project import ROOT, Project

sys.path.insert(0, str(ROOT / "scripts"))

from doctor import cli, needs, views  # noqa: E402
from doctor.finding import nearest, shown  # noqa: E402
from sample_world.build import generate  # noqa: E402
from sample_world.config import Options  # noqa: E402

SMALL = {"seed": 7, "accounts": 40, "months": 6, "events": 12_000}
SOURCES = {"product": ["segment"], "billing": ["stripe"], "support": ["zendesk"]}


@pytest.fixture(autouse=True)
def _no_landing_elsewhere(monkeypatch):
    monkeypatch.delenv("RAW_LOCATION", raising=False)
    monkeypatch.delenv("DATA_DIR", raising=False)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    """A landing by CRM, drawn once and copied to be spoiled."""
    drawn = {}

    def world(crm: str) -> Path:
        if crm not in drawn:
            drawn[crm] = tmp_path_factory.mktemp(crm)
            generate(drawn[crm], Options(**SMALL, crm=crm))
        return drawn[crm]

    return world


@pytest.fixture
def spoiled(worlds, tmp_path):
    def copy(crm: str) -> Path:
        shutil.copytree(worlds(crm) / "raw", tmp_path / "data" / "raw")
        return tmp_path / "data"

    return copy


@pytest.fixture
def house(tmp_path) -> Project:
    """A copy of the project whose seeds a test may change."""
    return Project(tmp_path / "house")


@pytest.fixture
def examine(capsys):
    """Runs the doctor as a machine does; returns its exit code and findings."""

    def run(data_dir: Path, crm: str = "salesforce", project: Path = ROOT, **variables) -> tuple[int, list[dict]]:
        given = json.dumps({"sources": SOURCES | {"crm": [crm]}} | variables)
        code = cli.main(["--data-dir", str(data_dir), "--json", "--vars", given], project)
        return code, json.loads(capsys.readouterr().out)["findings"]

    return run


def sentences(findings: list[dict], severity: str | None = None) -> str:
    return "\n".join(found["sentence"] for found in findings if severity in (None, found["severity"]))


def pasted(findings: list[dict], seed: str) -> list[list[str]]:
    return [
        row
        for found in findings
        if found["paste"] and found["paste"]["seed"].endswith(f"/{seed}.csv")
        for row in csv.reader(found["paste"]["rows"])
    ]


def change(house: Project, seed: str, before: str, after: str) -> None:
    file = house.seed(seed)
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after))


@pytest.mark.parametrize("crm", ["salesforce", "hubspot"])
def test_nothing_stops_a_healthy_world(worlds, examine, crm):
    _, findings = examine(worlds(crm), crm)
    assert sentences(findings, "stops the build") == ""


COMMON = {
    "segment/tracks": "select * replace (case event when 'task_created' then 'Task Made' when 'invite_blocked' then"
    " 'Invitation Refused' else event end as event) from landed",
    "segment/feature_used": "select * replace ('new_' || feature as feature) from landed",
    "stripe/invoice_line_item": "select * replace (case when hash(id) % 10 = 0 then 'chf' else currency end as currency) from landed",
    "stripe/price": "select * replace (case product_id when 'prod_business' then 'prod_team' else product_id end as product_id)"
    " from landed",
    "zendesk/ticket_tag": "select * replace ('Quota exceeded' as tag) from landed",
}
SALESFORCE = {
    "salesforce/account": "select * exclude (onboarding_completed_date_c, customer_success_manager_id_c)"
    " replace ('Mars/Base' as time_zone_c, 'CUST-' || id as stripe_customer_id_c),"
    " onboarding_completed_date_c as onboarding_done_date_c from landed",
    "salesforce/opportunity": "select * replace ('Enlargement' as type) from landed",
    "salesforce/task": "select * replace ('No budget at all' as call_disposition) from landed",
    "stripe/customer": "select * replace (cast(null as varchar) as metadata) from landed",
}
HUBSPOT = {
    "hubspot/company": "select * exclude (property_onboarding_completed_date_c, property_customer_success_manager_id_c)"
    " replace ('Mars/Base' as property_time_zone_c, 'CUST-' || id as property_stripe_customer_id_c),"
    " property_onboarding_completed_date_c as property_onboarding_done_date_c from landed",
    "hubspot/deal": "select * replace ('Enlargement' as property_dealtype) from landed",
    "hubspot/deal_pipeline_stage": "select * from landed where not closed_won",
    "hubspot/engagement_call": "select * replace ('No budget at all' as property_hs_call_disposition) from landed",
    "stripe/customer": SALESFORCE["stripe/customer"],
}
TOLD = [
    "1 currency without a rate (CHF)",
    "1 product without a plan",
    "4 events and pages without a row",
    "17 features in use are not named",
    "1 tag of tickets looks like a limit",
    "1 unknown time zone of",
    "The ids in crm_fields: stripe_customer_id never match",
    "1 opportunity type without a row (Enlargement",
    "1 result of calls reads like a decline",
    "The role CSM has no person",
    "Is it {prefix}onboarding_done_date_c?",
    "invite_blocked cannot fire, since no landed event counts as invite_blocked in tracking_plan.csv (is it Invitation Refused?",
    "since features_adopted_28d is unknown: no feature in use is advanced in features.csv",
    "has no column quantity (bigint). The nearest name there is: quantities.",
]


@pytest.mark.parametrize("crm", ["salesforce", "hubspot"])
def test_a_landing_with_many_things_missing_names_them_all(spoiled, examine, crm):
    data_dir = spoiled(crm)
    for table, select in (COMMON | (SALESFORCE if crm == "salesforce" else HUBSPOT)).items():
        rewrite(data_dir, table, select)
    rewrite(data_dir, "stripe/subscription_item", "select * exclude (quantity), quantity as quantities from landed")
    code, findings = examine(data_dir, crm)
    assert code == 1
    told = sentences(findings)
    prefix = "property_" if crm == "hubspot" else ""
    lacking = [text for text in TOLD if text.format(prefix=prefix) not in told]
    assert not lacking, told
    if crm == "hubspot":
        assert "not in hubspot.deal_pipeline_stage" in told
    assert "quantities" in sentences(findings, "stops the build")
    assert [row[0] for row in pasted(findings, "exchange_rates")] == ["chf"]
    assert [row[:3] for row in pasted(findings, "plans")] == [["prod_team", "", "true"]]
    assert ["tracks", "event", "Invitation Refused", "invite_blocked"] in [
        row[:4] for row in pasted(findings, "tracking_plan")
    ]
    assert [row[0] for row in pasted(findings, "opportunity_types")] == ["Enlargement"]
    assert [row[0] for row in pasted(findings, "limit_tags")] == ["Quota exceeded"]
    assert [row[0] for row in pasted(findings, "decline_dispositions")] == ["No budget at all"]
    (onboarding,) = [found for found in findings if "date of onboarding" in found["sentence"]]
    assert yaml.safe_load(onboarding["settings"])["vars"]["crm_fields"] == {
        "onboarding_completed_date": "onboarding_done_date_c"
    }


def test_the_worst_comes_first(spoiled, examine):
    data_dir = spoiled("salesforce")
    shutil.rmtree(data_dir / "raw/stripe/invoice")
    (data_dir / "raw/segment/pages" / "broken.parquet").write_text("nothing")
    _, findings = examine(data_dir)
    order = ["stops the build", "silences triggers", "worth knowing"]
    severities = [order.index(found["severity"]) for found in findings]
    assert severities == sorted(severities)
    stopping = sentences(findings, "stops the build")
    assert "The table stripe.invoice has not landed" in stopping
    assert "broken.parquet is not a Parquet file" in stopping


def test_the_other_crm_has_landed(worlds, examine):
    code, findings = examine(worlds("hubspot"), "salesforce")
    (stopping,) = [found for found in findings if found["severity"] == "stops the build"]
    assert code == 1
    assert "hubspot has landed" in stopping["sentence"]
    assert yaml.safe_load(stopping["settings"])["vars"]["sources"]["crm"] == ["hubspot"]


def test_a_table_under_a_similar_name(spoiled, examine):
    data_dir = spoiled("salesforce")
    (data_dir / "raw/stripe/invoice_line_item").rename(data_dir / "raw/stripe/invoice_line_items")
    (data_dir / "raw/zendesk/ticket_tag").rename(data_dir / "raw/zendesk/ticket_tags")
    _, findings = examine(data_dir)
    assert "The nearest folder there is: invoice_line_items." in sentences(findings, "stops the build")
    assert "The nearest folder there is: ticket_tags." in sentences(findings, "worth knowing")


def test_nothing_has_landed(tmp_path, examine):
    code, findings = examine(tmp_path)
    assert code == 1
    assert [found["sentence"].split(":")[0] for found in findings] == [f"Nothing has landed in {tmp_path}/raw"]


def test_clocks_that_part_and_days_that_are_missing(spoiled, examine):
    data_dir = spoiled("salesforce")
    moved = "select * replace (received_at + interval 60 day as received_at, timestamp + interval 60 day as timestamp) from landed"
    for table in ("segment/tracks", "segment/pages"):
        rewrite(data_dir, table, f"select * from ({moved}) where received_at not between '2026-06-01' and '2026-06-09'")
    _, findings = examine(data_dir)
    assert "The newest row of billing is of 2026-06" in sentences(findings, "silences triggers")
    assert "No product event was received from 2026-05-31 to 2026-06-09 (9 days)" in sentences(findings)


def test_one_row_of_the_future_moves_the_clock(spoiled, examine):
    data_dir = spoiled("salesforce")
    rewrite(
        data_dir, "segment/tracks",
        "select * from landed union all by name (select * replace ('x' as id, timestamp '2031-01-01' as received_at) from landed limit 1)",
    )  # fmt: skip
    _, findings = examine(data_dir)
    assert "1 product event of 2031-01-01 and later was received" in sentences(findings, "silences triggers")


def test_what_the_seeds_leave_open(worlds, house, examine):
    change(house, "segments", "mid-market,100,999", "mid-market,100,899")
    change(house, "plans", "prod_business,Business", "prod_business,Team")
    change(house, "trigger_library", "broader adoption,invite_blocked,", "broader adoption,invite_stopped,")
    change(house, "routing_rules", ",CSM,personal_outreach", ",SE,personal_outreach")
    _, findings = examine(worlds("salesforce"), project=house.folder)
    stopping = sentences(findings, "stops the build")
    assert "waits for the action invite_stopped, which no row of tracking_plan.csv has" in stopping
    assert "does not rank: Team" in stopping
    assert pasted(findings, "tiers") == [["Team", "5", ""]]
    assert "The role SE owns triggers in routing_rules.csv" in stopping
    assert "no segment for 900 to 999 employees" in sentences(findings, "worth knowing")
    assert "enterprise_ready cannot fire, since no plan that is billed gives the tier Business" in sentences(
        findings, "silences triggers"
    )


def test_users_without_an_account(spoiled, examine):
    data_dir = spoiled("salesforce")
    for table in ("segment/tracks", "segment/pages"):
        rewrite(data_dir, table, "select * replace (cast(null as varchar) as context_group_id) from landed")
    shutil.rmtree(data_dir / "raw/segment/groups")
    rewrite(data_dir, "segment/identifies", "select * replace (user_id || '@gmail.com' as email) from landed")
    _, findings = examine(data_dir)
    assert "have an address at a free mail provider" in sentences(findings, "silences triggers")


def test_onboarding_need_not_be_required(spoiled, examine):
    data_dir = spoiled("salesforce")
    rewrite(data_dir, "salesforce/account", "select * exclude (onboarding_completed_date_c) from landed")
    _, findings = examine(data_dir)
    assert "date of onboarding" in sentences(findings, "silences triggers")
    _, findings = examine(data_dir, stage={"onboarding": "when_known"})
    assert "date of onboarding" not in sentences(findings)


def test_relations_of_the_warehouse_are_read(spoiled, examine):
    data_dir = spoiled("salesforce")
    folder = data_dir / "raw/stripe/invoice"
    with duckdb.connect(str(data_dir / "warehouse.duckdb")) as connection:
        connection.execute(
            f"create schema own; create table own.bills as select * from read_parquet('{folder}/*.parquet')"
        )
    shutil.rmtree(folder)
    assert "stripe.invoice has not landed" in sentences(examine(data_dir)[1])
    _, findings = examine(data_dir, raw_relations={"stripe": {"invoice": "own.bills"}})
    assert sentences(findings, "stops the build") == ""


def test_tables_and_columns_under_names_of_ones_own(spoiled, examine):
    data_dir = spoiled("salesforce")
    (data_dir / "raw/segment/feature_used").rename(data_dir / "raw/segment/module_opened")
    rewrite(data_dir, "segment/module_opened", "select * exclude (feature), feature as module from landed")
    rewrite(data_dir, "stripe/subscription_item", "select * exclude (quantity), quantity as seats from landed")
    _, findings = examine(data_dir)
    assert "stripe.subscription_item has no column quantity" in sentences(findings, "stops the build")
    assert "segment.feature_used has no row with a feature" in sentences(findings)
    own = {
        "raw_columns": {"stripe": {"subscription_item": {"quantity": "seats"}}},
        "event_tables": {"feature_used": [{"table": "module_opened", "columns": {"feature": "module"}}]},
    }
    _, findings = examine(data_dir, **own)
    assert sentences(findings, "stops the build") == ""
    assert "segment.feature_used" not in sentences(findings)
    own["event_tables"]["feature_used"][0] = {"table": "module_closed"}
    own["raw_columns"]["stripe"]["subscription_item"]["quantity"] = "chairs"
    _, findings = examine(data_dir, **own)
    stopping = sentences(findings, "stops the build")
    assert "The table segment.module_closed has not landed" in stopping
    assert "has no column chairs (bigint), which raw_columns or event_tables names for quantity" in stopping


def test_a_person_is_never_named(spoiled, capsys, house):
    data_dir = spoiled("salesforce")
    rewrite(data_dir, "segment/pages", "select * replace ('/invite/ada@lovelace.example' as path) from landed")
    rewrite(data_dir, "segment/tracks", "select * replace ('mail ada@lovelace.example' as event) from landed")
    cli.main(["--data-dir", str(data_dir)], ROOT)
    told = capsys.readouterr().out
    with duckdb.connect() as connection:
        people = connection.execute(
            f"select email from read_parquet('{data_dir}/raw/salesforce/*/*.parquet', union_by_name = true) where email is not null"
        ).fetchall()
    assert "ada@" not in told
    assert not [email for (email,) in people if email in told]


def test_wrong_options_exit_with_two(tmp_path):
    for options in (["--vars", "nonsense"], ["--project-dir", str(tmp_path)], ["--nothing"]):
        with pytest.raises(SystemExit) as stop:
            cli.main(["--data-dir", str(tmp_path), *options])
        assert stop.value.code == 2


def test_the_text_holds_rows_to_paste(spoiled, capsys):
    data_dir = spoiled("salesforce")
    rewrite(data_dir, "salesforce/opportunity", "select * replace ('Enlargement' as type) from landed")
    cli.main(["--data-dir", str(data_dir)], ROOT)
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("     paste into seeds/company/opportunity_types.csv (type,is_expansion,comment):")
    assert lines[at + 1].strip().startswith("Enlargement,false,")


def test_every_signal_has_its_needs():
    models = yaml.safe_load((ROOT / "models/marts/core/_models.yml").read_text())["models"]
    (daily,) = [model for model in models if model["name"] == "fct_account_signals_daily"]
    signals = {column["name"] for column in daily["columns"]} - {"account_id", "signal_on", "tier", "segment"}
    not_signals = {name for name in signals if name.endswith("_band")}
    assert signals - not_signals == set(needs.signal_needs())
    assert {need for asked in needs.signal_needs().values() for need in asked} <= set(needs.QUESTIONS)
    assert needs.signal_needs()["active_users_28d"] == ["users"], "its domain speaks for it"
    assert [signal for signal, asked in needs.signal_needs().items() if not asked] == ["health_score"]


def test_names_are_compared_without_case_and_underscores():
    assert nearest("invoice_line_item", ["InvoiceLineItems", "refund"]) == "InvoiceLineItems"
    assert nearest("quantity", ["refund"]) is None
    assert shown("a\x1b[31m b@c.de" + "x" * 80).startswith("a [31m (address)")


def test_every_crm_has_every_shape():
    shapes = (views.ACCOUNTS, views.DEALS, views.CALLS, views.TITLES, views.STAFF, views.EMPLOYEE_HISTORY)
    assert {frozenset(shape) for shape in shapes} == {frozenset({"salesforce", "hubspot"})}
