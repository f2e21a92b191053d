"""The example of a company priced by use, built by its own commands through the package door: all that fires, worked out by hand."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import new_company
import pytest
import yaml
from operations.place import PACKAGE
from support.built_world import ask

EXAMPLE = PACKAGE / "examples/usage_company"
MADE = ("data", "target", "logs", "dbt_packages", "package-lock.yml", ".user.yml", "__pycache__")


def june(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 6, day, hour)


def command(folder: Path, *words: str) -> subprocess.CompletedProcess:
    """A command of the company's Makefile, in the environment of the tests."""
    clean = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder)}
    places = [f"PRODUCT={PACKAGE}", f"BIN={PACKAGE / '.venv/bin'}"]
    return subprocess.run(
        ["make", "--no-print-directory", *words, *places], cwd=folder, env=clean, text=True, capture_output=True
    )


def draw(folder: Path) -> None:
    script = str(EXAMPLE / "draw_landing.py")
    subprocess.run([str(PACKAGE / ".venv/bin/python"), script, str(folder / "data")], check=True)


@pytest.fixture(scope="module")
def company(tmp_path_factory) -> Path:
    """A copy of the example; only the way to the package is longer from there."""
    folder = tmp_path_factory.mktemp("companies") / "usage_company"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(*MADE))
    packages = folder / "packages.yml"
    packages.write_text(packages.read_text().replace("local: ../..", f"local: {PACKAGE}"))
    draw(folder)
    return folder


@pytest.fixture(scope="module")
def told(company) -> str:
    """What the build says."""
    build = command(company, "env", "build")
    assert build.returncode == 0, build.stdout + build.stderr
    return build.stdout


@pytest.fixture(scope="module")
def marts(company, told):
    def asked(query: str) -> list[tuple]:
        return ask(company / "data/warehouse.duckdb", query)

    return asked


def test_what_fires_is_what_the_page_says(marts):
    query = """
        select account_id, trigger_id, triggered_at, deliver_at, sla_due_at, owner_role, owner_email, channels
        from marts.fct_fired_triggers where not is_shadow and not is_holdout order by account_id
    """
    assert marts(query) == [
        ("101", "minutes_nearly_used", june(25), june(25), june(26), "SE", "sefa@meterly.example", "crm_task"),
        ("103", "upgrade_clicked", june(29, 9), june(29, 9), june(30, 9), "AM", "amelia@meterly.example", "email|crm_task"),
        ("110", "renewal_near", june(28), june(29, 7), june(29, 15), "AM", "accounts@meterly.example", "email|crm_task"),
    ]  # fmt: skip
    assert marts("select count(*) from marts.fct_fired_triggers") == [(3,)]


def test_what_does_not_fire_says_why(marts):
    query = """
        select account_id, trigger_id, reason_type, reason, first_at, last_at, candidates
        from marts.fct_suppressed_triggers order by account_id
    """
    assert marts(query) == [
        ("101", "minutes_nearly_used", "cooldown", "cooldown", june(26), datetime(2026, 7, 1), 6),
        ("104", "upgrade_clicked", "stage", "never_paid", june(18, 10), june(18, 10), 1),
        ("108", "upgrade_clicked", "stage", "tenure", june(25, 10), june(25, 10), 1),
        ("109", "upgrade_clicked", "stage", "churned", june(12, 10), june(12, 10), 1),
        ("111", "upgrade_clicked", "stage", "health", june(15, 10), june(15, 10), 1),
    ]


def test_included_minutes_are_of_a_plan_without_seats(marts):
    query = """
        select account_id, quota_utilisation_30d, seats_licensed, seat_utilisation, tier
        from marts.fct_account_signals_daily
        where signal_on = date '{}' and account_id in ('101', '102', '103') order by account_id
    """
    shares = {day: [row[1] for row in marts(query.format(day))] for day in ("2026-06-23", "2026-06-24")}
    assert shares["2026-06-23"] == [Decimal("0.89"), Decimal("0.889"), Decimal("0.75")]
    assert shares["2026-06-24"] == [Decimal("0.9"), Decimal("0.899"), Decimal("0.75")]
    assert {row[2:] for row in marts(query.format("2026-06-24"))} == {(None, None, "Talk")}


def test_amounts_are_in_euros(marts):
    query = """
        select account_id, contract_value, days_to_renewal from marts.fct_account_signals_daily
        where signal_on = date '{}' and account_id in ('101', '103', '104', '110') order by account_id
    """
    assert marts(query.format("2026-06-30")) == [
        ("101", Decimal(1200), None),
        ("103", Decimal(3600), None),
        ("110", Decimal(10200), 87),
    ]
    assert marts(query.format("2026-05-31"))[-1] == ("110", Decimal(10800), 117)
    expansions = (
        "select account_id, expansion_type, expanded_on, mrr_delta from marts.fct_expansions order by expanded_on"
    )
    assert [(*row[:2], str(row[2]), row[3]) for row in marts(expansions)] == [
        ("103", "consumption", "2026-05-01", Decimal(150)),
        ("103", "consumption", "2026-06-01", Decimal(50)),
    ]


def test_users_find_their_account_by_the_domain_of_their_address(marts):
    rates = "select source_name, outcome, records from marts.identity_match_rate order by 1, 2"
    assert marts(rates) == [
        ("billing", "foreign_id", 11),
        ("product_user", "ambiguous", 1),
        ("product_user", "email_domain", 10),
        ("product_user", "no_match", 1),
    ]
    reasons = "select unmatched_reason from marts.unmatched_records order by 1"
    assert marts(reasons) == [("ambiguous",), ("no_match",)]


def test_messages_and_alerts_read_as_they_should(marts):
    alerts = """
        select account_id, recipient_role, channel, alert_email, sla_due_at, title, body
        from sync.sync_alerts order by account_id, recipient_role
    """
    found = marts(alerts)
    assert [row[:5] for row in found] == [
        ("101", "SE", "slack", "sefa@meterly.example", june(26)),
        ("103", "AM", "crm_alert", "amelia@meterly.example", june(29, 17)),
        ("110", "AM", "slack", "accounts@meterly.example", june(29, 11)),
        ("110", "SE", "slack", "sefa@meterly.example", june(29, 11)),
    ]
    assert found[0][5:] == (
        "Minutes nearly used: Alder Telecare",
        "Alder Telecare, €1,200 a year, Talk plan\nSignal: 90 % of the included use in 30 days\n"
        "Context: used 90 % of its minutes in 30 days, 1 user in 28 days\n"
        "Recommended: Look at the traffic of the last weeks together\n"
        "Account: https://crm.meterly.example/companies/101",
    )
    assert "€3,600 a year, Talk plan\nSignal: Upgrade clicked\nContext: used 75 % of its minutes" in found[1][6]
    assert "€10,200 a year, Scale plan\nSignal: 90 days to renewal\nContext: nothing else is known\n" in found[2][6]
    messages = """
        select account_id, recipient_contact_id, message_subject, message_body
        from sync.sync_crm_firings order by account_id
    """
    alder, cedar, ivy = marts(messages)
    assert alder[1] == "5101" and "Alder Telecare is close to the minutes" in alder[3]
    assert cedar[1:3] == (None, "Which plan fits how you call") and cedar[3].endswith("\n\nAmelia Meterly")
    assert ivy[1] == "5110" and ivy[3].startswith("Hi Robin,") and ivy[3].endswith("\n\nThe Meterly team")


def test_the_doctor_finds_nothing_that_matters(company, told):
    doctor = command(company, "doctor")
    text = " ".join(doctor.stdout.split())
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    assert "Nothing stops a build, and nothing silences a trigger." in text
    assert "1 have an address of a domain that several accounts have" in text
    assert "1 have an address at a free mail provider" in text
    # Germany is a country, no desk is no lack, and nobody asks for a manager of success.
    for word in ("GERMANY", "zendesk", "support", "customer_success_manager_id", "seat"):
        assert word not in text


def test_the_closing_summary_makes_sense(told):
    text = " ".join(told.split())
    assert "!" not in text
    assert "matched to an account: billing 11 of 11, product_user 10 of 12" in text
    assert "7 of 9 in the expansion stage; out of it: health 1, tenure 1 (and 1 churned); 11 in the CRM" in text
    assert "minutes_nearly_used active 1 7 1 0 cooldown 6" in text


def test_it_pushes_and_reports_by_its_own_commands(company, told):
    pushed = command(company, "push")
    assert pushed.returncode == 0 and "3 rows to send" in pushed.stdout, pushed.stdout + pushed.stderr
    reported = command(company, "report")
    assert reported.returncode == 0, reported.stdout + reported.stderr
    page = (company / "data/council_report.html").read_text()
    assert (
        "€" in page and "TeamFlow" not in page and "$" not in re.sub(r"<(script|style).*?</\1>", "", page, flags=re.S)
    )


def test_the_folder_is_what_new_company_writes_with_the_companys_own_words():
    written = new_company.project_files("meterly", EXAMPLE.parent / "meterly", "hubspot")
    there = {
        str(file.relative_to(EXAMPLE))
        for file in EXAMPLE.rglob("*")
        if file.is_file() and not set(file.relative_to(EXAMPLE).parts) & set(MADE)
    }
    assert there == set(written) | {"draw_landing.py", "seeds/exchange_rates.csv"}
    for name in ("Makefile", "profiles.yml", "packages.yml", ".gitignore"):
        assert (EXAMPLE / name).read_text() == written[name], name
    assert set(variables((EXAMPLE / "dbt_project.yml").read_text())) == set(variables(written["dbt_project.yml"]))
    for name, text in written.items():
        if name.endswith(".csv"):
            assert (EXAMPLE / name).read_text().splitlines()[0] == text.splitlines()[0], name
    assert not [name for name in there if b"teamflow" in (EXAMPLE / name).read_bytes().lower()]


def variables(text: str) -> dict:
    return yaml.safe_load(text)["vars"]


@pytest.mark.sampled(0)
def test_a_new_company_that_follows_its_page_builds_and_pushes(tmp_path):
    """Lanternly has Meterly's customers and nothing else of it: starter triggers, seeds named by the doctor's rows."""
    folder = tmp_path / "lanternly"
    assert new_company.main(["--name", "lanternly", "--to", str(folder), "--crm", "hubspot"]) == 0
    draw(folder)
    fresh = command(folder, "env", "doctor")
    assert fresh.returncode != 0 and "seeds/plans.csv" in fresh.stdout, fresh.stdout + fresh.stderr
    pasted(folder, "plans", fresh.stdout, {"tier": "Basic"})
    pasted(folder, "tracking_plan", fresh.stdout, {})
    settings = folder / "dbt_project.yml"
    text = settings.read_text().replace("onboarding: required", "onboarding: when_known")
    text = text.replace("stripe_customer_id: stripe_customer_id_c", "stripe_customer_id: stripe_customer_id")
    settings.write_text(text)
    build = command(folder, "build")
    assert build.returncode == 0, build.stdout + build.stderr
    assert "pricing_page_interest" in build.stdout
    push = command(folder, "push")
    assert push.returncode == 0, push.stdout + push.stderr


def pasted(folder: Path, seed: str, told: str, values: dict[str, str]) -> None:
    """Puts the rows that the doctor wrote for a seed into it."""
    shown = re.search(rf"paste into seeds/{seed}\.csv \(([\w,]+)\):\n((?: {{7,}}\S.*\n)+)", told)
    assert shown, told
    columns = shown[1].split(",")
    rows = [
        dict(zip(columns, row, strict=True)) | values
        for row in csv.reader(shown[2].replace("       ", "").splitlines())
    ]
    with (folder / f"seeds/{seed}.csv").open("a", newline="", encoding="utf-8") as stream:
        csv.DictWriter(stream, columns, lineterminator="\n").writerows(rows)
