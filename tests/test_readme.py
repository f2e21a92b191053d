"""What the README says of the demo is what the demo gives today: everything between its markers, to the letter."""

from __future__ import annotations

import pytest
from support.demo import built_demo
from support.project import ROOT
from support.readme import BLOCKS, marked, opened, rendered

PAGE = (ROOT / "README.md").read_text()


@pytest.fixture(scope="module")
def demo():
    with opened(built_demo()) as connection:
        yield connection


@pytest.mark.parametrize(("marker", "text"), marked(PAGE), ids=[marker.split(" ")[0] for marker, _ in marked(PAGE)])
def test_the_readme_says_what_the_demo_gives(demo, marker, text):
    assert text == rendered(demo, marker), "python tests/support/readme.py data/demo README.md writes today's"


def test_every_marker_is_closed_and_known():
    assert PAGE.count("<!-- from the demo:") == PAGE.count("<!-- end -->") == len(marked(PAGE)) > 0
    assert {marker.split(" ")[0] for marker, _ in marked(PAGE)} <= BLOCKS.keys()
    assert any(marker.startswith("trigger_scorecard ") for marker, _ in marked(PAGE))


def test_a_marker_that_nobody_renders_is_named(demo):
    with pytest.raises(ValueError, match="names none of trigger_scorecard, figure, alert, evidence"):
        rendered(demo, "trigger_scoreboard invite_blocked")
    with pytest.raises(ValueError, match="no row for invite_refused"):
        rendered(demo, "figure invite_refused precision")
