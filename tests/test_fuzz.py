"""Spoiled landings: each is stopped, quarantined, told or harmless; none is silently wrong. `make fuzz` judges all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzz.mutations import KINDS, mutations
from fuzz.world import HARMLESS, QUARANTINED, STOPPED, WARNED, WRONG, Fuzz
from support.built_world import built, project
from support.project import ROOT

#: Which kinds end how: a few that tell most, each on the first table that it is drawn for.
CASES = {
    "column dropped": {HARMLESS, WARNED, STOPPED},
    "columns of one type swapped": {HARMLESS, WARNED, STOPPED, QUARANTINED},
    "nulls in keys": {QUARANTINED},
    "words among numbers": {QUARANTINED, STOPPED},
    "absurd dates in some rows": {HARMLESS, QUARANTINED, WARNED, STOPPED},
    "another unit or sign": {HARMLESS, WARNED, STOPPED},
    "another currency": {WARNED, STOPPED},
    "rows lost": {HARMLESS, WARNED, STOPPED},
    "ten times the volume": {WARNED, STOPPED},
    "bytes damaged": {STOPPED},
    "moments with an offset": {HARMLESS},
    "SQL in names": {HARMLESS},
}


@pytest.fixture(scope="module")
def fuzz(tmp_path_factory) -> Fuzz:
    return Fuzz(project(), Path(built()) / "raw", tmp_path_factory.mktemp("fuzz"))


@pytest.fixture(autouse=True)
def _no_landing_elsewhere(monkeypatch):
    monkeypatch.delenv("RAW_LOCATION", raising=False)
    monkeypatch.delenv("DATA_DIR", raising=False)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("kind", CASES)
def test_a_spoiled_landing_is_never_silently_wrong(fuzz, kind):
    mutation = next(one for one in mutations(fuzz.tables) if one.kind == kind)
    judged = fuzz.judge(mutation)
    assert judged.outcome != WRONG, (mutation.name, judged.told)
    assert judged.outcome in CASES[kind], (mutation.name, judged)
    assert judged.told.strip(), mutation.name


def test_the_page_tells_of_every_kind_and_of_nothing_silent():
    page = (ROOT / "docs/quality.md").read_text()
    table = page.split("<!-- fuzz: begin -->")[1].split("<!-- fuzz: end -->")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.strip().splitlines()]
    counts = {row[0]: [int(cell) for cell in row[1:]] for row in rows[2:]}
    assert list(counts) == [*KINDS, "all"]
    assert counts["all"][0] >= 200 and counts["all"][-1] == 0
    assert all(row[0] == sum(row[1:]) for row in counts.values())
