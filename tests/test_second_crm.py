"""The same world in Salesforce, in HubSpot and in both: the same companies, signals, episodes and firings.

Companies are compared by name, since each CRM numbers them its own way. What legitimately differs is left out of the
comparison and said here:
- Ids: of accounts and people, and with them the ids of firings and their draw into the holdout group.
- A deal of HubSpot that hangs on no company is nobody's opportunity, and its company's exclusions and declines are
  those of the other deals. The companies with such a deal are left out of stage, firings and suppressions.
- The sample world ends every fiscal year of HubSpot in December: budget_season, which hangs on it, is left out.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import pytest
from support.project import rows

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

from sample_world.build import generate  # noqa: E402
from sample_world.config import Options, parse_domains  # noqa: E402

# Three builds of one world: the whole suite makes them.
pytestmark = pytest.mark.sampled(0)
SMALL = {"seed": 7, "accounts": 60, "months": 7, "events": 12_000, "domains": parse_domains("marketing")}
VARIABLES = {"product": ["segment"], "billing": ["stripe"], "support": ["zendesk"]}
#: HubSpot sends its newsletter itself; beside Salesforce another platform does, and both tell of the same e-mails.
MARKETING = {"salesforce": ["generic"], "hubspot": ["hubspot"], "both": ["generic", "hubspot"]}
SELECT = [
    "+fct_fired_triggers",
    "+fct_firing_status",
    "+fct_trigger_episodes",
    "+fct_suppressed_triggers",
    "+unmatched_records",
]


class Builds:
    """The world by CRM, each built once up to the firings."""

    def __init__(self, project, folder: Path):
        self.project, self.folder, self.built = project, folder, {}

    def landed(self, crm: str) -> Path:
        folder = self.folder / crm
        if not (folder / "raw").is_dir():
            generate(folder, Options(**SMALL, crm=crm))
        return folder

    def warehouse(self, crm: str) -> Path:
        if crm not in self.built:
            if crm == "both":
                folder = self.folder / "both"
                folder.mkdir()
                (folder / "raw").mkdir()
                for vendor in (self.landed("salesforce") / "raw").iterdir():
                    (folder / "raw" / vendor.name).symlink_to(vendor)
                (folder / "raw" / "hubspot").symlink_to(self.landed("hubspot") / "raw" / "hubspot")
                vendors = ["salesforce", "hubspot"]
            else:
                folder, vendors = self.landed(crm), [crm]
            self.built[crm] = self.project.build(
                folder, {"sources": VARIABLES | {"crm": vendors, "marketing": MARKETING[crm]}}, SELECT
            )
        return self.built[crm]

    def rows(self, crm: str, columns: str, table: str) -> list[tuple]:
        """Rows of a table with the account's name in the place of its id, in order."""
        query = (
            f"select accounts.account_name, {columns} from {table} as facts"
            " inner join (select account_id, account_name from staging.stg_crm__accounts) as accounts using (account_id) order by all"
        )
        return [tuple(row.values()) for row in rows(self.warehouse(crm), query)]


@pytest.fixture(scope="module")
def builds(project, tmp_path_factory) -> Builds:
    return Builds(project, tmp_path_factory.mktemp("crms"))


@pytest.fixture(scope="module")
def without_company(builds) -> set[str]:
    """Names of the companies that a deal of theirs does not lead to."""
    raw = builds.landed("salesforce") / "raw"
    orphans = rows(
        builds.warehouse("hubspot"),
        "select record_id from staging.stg_crm__unplaced_records where table_name = 'opportunity'",
    )
    numbers = [int(row["record_id"]) - 65_000_000_000 for row in orphans]
    names = duckdb.sql(
        f"select accounts.name from read_parquet('{raw}/salesforce/opportunity/*.parquet') as deals"
        f" inner join read_parquet('{raw}/salesforce/account/*.parquet') as accounts on deals.account_id = accounts.id"
        f" where cast(substr(deals.id, 6) as bigint) in ({', '.join(map(str, numbers)) or 'null'})"
    ).fetchall()
    return {name for (name,) in names}


def test_the_same_companies(builds):
    columns = "facts.website is not null, facts.employees, facts.country_code, facts.time_zone, facts.onboarded_at, facts.opted_out_at, facts.created_at"
    table = "(select * exclude (account_name) from staging.stg_crm__accounts)"
    assert builds.rows("hubspot", columns, table) == builds.rows("salesforce", columns, table)


@pytest.mark.parametrize("crm", ["hubspot", "both"])
def test_the_same_records_find_the_same_companies(builds, crm):
    columns, table = "source_name, rule, confidence", "intermediate.int_identity_matches"
    assert builds.rows(crm, columns, table) == builds.rows("salesforce", columns, table)


def stage_of(builds, crm, left_out) -> list[tuple]:
    table = "intermediate.int_account_stage_daily"
    found = builds.rows(crm, "signal_on, tenure_days, tier, segment, contract_value, is_in_stage, stage_reason", table)
    return [row for row in found if row[0] not in left_out]


def test_the_same_stage_day_by_day(builds, without_company):
    assert stage_of(builds, "hubspot", without_company) == stage_of(builds, "salesforce", without_company)


def test_the_same_episodes(builds):
    columns = "trigger_id, triggered_at, started_on, ended_on, is_open"
    table = "(select * from marts.fct_trigger_episodes where trigger_id <> 'budget_season')"
    mine, theirs = builds.rows("hubspot", columns, table), builds.rows("salesforce", columns, table)
    assert mine == theirs
    assert len(mine) > 100


FIRED = "trigger_id, triggered_at, deliver_at, expires_at, is_shadow, message_group, motion, owner_role, play_id"


def test_the_same_firings(builds, without_company):
    table = "(select * from marts.fct_fired_triggers where trigger_id <> 'budget_season')"
    found = [
        [row for row in builds.rows(crm, FIRED, table) if row[0] not in without_company]
        for crm in ("hubspot", "salesforce")
    ]
    assert found[0] == found[1]
    assert len(found[0]) > 50
    assert len(without_company) < 10


@pytest.mark.parametrize("crm", ["hubspot", "both"])
def test_the_same_newsletter_is_clicked(builds, crm):
    columns, table = "signal_on, marketing_emails_clicked_30d", "intermediate.int_account_signals_daily"
    mine, theirs = builds.rows(crm, columns, table), builds.rows("salesforce", columns, table)
    assert mine == theirs
    assert sum(clicks or 0 for _, _, clicks in mine) > 100


def test_deals_without_a_company_are_told(builds, without_company):
    """Beside the records whose company is gone, which both CRMs tell alike."""
    query = "select source_name, unmatched_reason, count(*) as deals from marts.unmatched_records where table_name = 'opportunity' and unmatched_reason = 'no_account' group by all"
    assert without_company
    (row,) = rows(builds.warehouse("hubspot"), query)
    assert row == {"source_name": "hubspot", "unmatched_reason": "no_account", "deals": len(without_company)}
    assert rows(builds.warehouse("salesforce"), query) == []


def test_two_crms_land_each_company_once(builds):
    query = "select account_name, count(*) from staging.stg_crm__accounts group by all having count(*) > 1"
    assert rows(builds.warehouse("both"), query) == []
    table = "(select * exclude (account_name) from staging.stg_crm__accounts)"
    columns = "account_id, owner_id"
    assert builds.rows("both", columns, table) == builds.rows("salesforce", columns, table)


def test_two_crms_know_each_person_once(builds):
    columns, table = "title, created_at", "staging.stg_crm__contacts"
    assert builds.rows("both", columns, table) == builds.rows("salesforce", columns, table)


def test_two_crms_fire_as_the_first_one_does(builds):
    columns = "firing_id, is_holdout, " + FIRED
    assert builds.rows("both", columns, "marts.fct_fired_triggers") == builds.rows(
        "salesforce", columns, "marts.fct_fired_triggers"
    )
