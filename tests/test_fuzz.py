"""Spoiled landings: each is stopped, quarantined, told or harmless; none is silently wrong. `make fuzz` judges all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzz.mutations import KINDS, of_table
from fuzz.world import HARMLESS, QUARANTINED, STOPPED, WARNED, Fuzz
from support.built_world import built, project
from support.project import ROOT

#: A few that tell most, and how each ends.
CASES = {
    "column dropped: segment/feature_used: without team_id": WARNED,
    "nulls in keys: stripe/invoice_line_item: 5 times amount": QUARANTINED,
    "another unit or sign: stripe/invoice_line_item: amount * -1": WARNED,
    "another unit or sign: stripe/subscription_item: quantity * 100": WARNED,
    "another currency: stripe/invoice_line_item: all in 'eur'": WARNED,
    "table missing: stripe/invoice_line_item: not landed": STOPPED,
    "SQL in names: salesforce/account: name '{account_name} {% raw %}'": HARMLESS,
    "what concerns nobody: zendesk/ticket: columns in another order": HARMLESS,
}


@pytest.fixture(scope="module")
def fuzz(tmp_path_factory) -> Fuzz:
    return Fuzz(project(), Path(built()) / "raw", tmp_path_factory.mktemp("fuzz"))


@pytest.fixture(autouse=True)
def _no_landing_elsewhere(monkeypatch):
    monkeypatch.delenv("RAW_LOCATION", raising=False)
    monkeypatch.delenv("DATA_DIR", raising=False)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", CASES)
def test_a_spoiled_landing_is_never_silently_wrong(fuzz, name):
    kind, table, _ = name.split(": ", 2)
    mutation = next(one for one in of_table(kind, fuzz.tables[table]) if one.name == name)
    judged = fuzz.judge(mutation)
    assert judged.outcome == CASES[name], (judged.outcome, judged.told)
    assert judged.told.strip()


def test_the_page_tells_of_every_kind_and_of_nothing_silent():
    page = (ROOT / "docs/quality.md").read_text()
    table = page.split("<!-- fuzz: begin -->")[1].split("<!-- fuzz: end -->")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.strip().splitlines()]
    counts = {row[0]: [int(cell) for cell in row[1:]] for row in rows[2:]}
    assert list(counts) == [*KINDS, "all"]
    assert counts["all"][0] >= 200 and counts["all"][-1] == 0
    assert all(row[0] == sum(row[1:]) for row in counts.values())
