"""What has changed about a landed table since the build before is told in words; what a day brings is not."""

from __future__ import annotations

import json

import pytest
from operations import changes
from operations.changes import table_changes
from operations.place import Place

COLUMN = {"values": 40, "known": 1.0}


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ({}, {"known": 0.5, "values": 20}, "filled in 50% of the rows, 100%"),
        ({"magnitude": 7.0, "negative": 0}, {"magnitude": 2.39, "negative": 0}, "values are 100 times smaller than"),
        (
            {"magnitude": 7.0, "negative": 0.0},
            {"magnitude": 7.0, "negative": 1.0},
            "100% of the values are negative, 0%",
        ),
        ({"year": 2025.5}, {"year": 2035.5}, "moments lie around 2035.5, around 2025.5"),
        ({"length": 9, "different": 1}, {"length": 18, "different": 1}, "texts of 18 characters, of 9"),
        ({"length": 9, "different": 1}, {"length": 9, "different": 0.2}, "20% of the values are different ones, 100%"),
        ({"words": {"a": 1.0}}, {"words": {"a": 0.6, "b": 0.4}}, "40% of the rows hold another value than"),
        ({"known": 0.1, "values": 4}, {"known": 0.0, "values": 0}, "filled in 0% of the rows, 10%"),
        ({"year": 2025.5, "values": 2}, {"year": 2125.5, "values": 2}, "moments lie around 2125.5, around 2025.5"),
        ({"ahead": 0.01}, {"ahead": 0.99}, "99% of the calls happened after they arrived, 1%"),
        # What a day brings by itself.
        ({"known": 0.05, "values": 2}, {"known": 0.0, "values": 0}, None),
        ({"year": 2015.5, "values": 2}, {"year": 2025.5, "values": 2}, None),
        ({"magnitude": 7.0, "negative": 0, "known": 0.9}, {"magnitude": 7.2, "negative": 0.1, "known": 0.88}, None),
        ({"words": {"a": 0.5, "b": 0.5}}, {"words": {"a": 0.6, "b": 0.4}}, None),
        ({"magnitude": 7.0, "values": 9}, {"magnitude": 1.0, "values": 9}, None),
    ],
)
def test_a_change_of_a_column_is_told_in_words(before, now, told):
    tables = [{"rows": 40, "is_calls": False, "columns": {"amount": COLUMN | column}} for column in (before, now)]
    expected = [f"stripe.price, column amount: {told} in the build before."] if told else []
    assert table_changes("stripe.price", *tables) == expected


@pytest.mark.parametrize(
    ("rows", "is_calls", "told"),
    [
        (197, False, None),
        (179, False, "t has 179 rows: the build before found 200."),
        (500, False, "t has 500 rows: the build before found 200."),
        (210, False, None),
        (79, True, "t has 79 rows of four weeks: the build before found 200."),
        (150, True, None),
    ],
)
def test_rows_that_went_or_came_are_told(rows, is_calls, told):
    before, now = ({"rows": count, "is_calls": is_calls, "columns": {}} for count in (200, rows))
    assert table_changes("t", before, now) == ([told] if told else [])
    assert table_changes("t", before, None) == ["t has no rows: the build before found 200."]
    assert table_changes("t", None, now) == []


def test_calls_that_had_arrived_are_still_there():
    before = {"rows": 200, "is_calls": True, "columns": {}, "counted": 190}
    now = {"rows": 180, "is_calls": True, "columns": {}, "counted": 180}
    lost = "t has 150 rows of four weeks in which the build before found 190."
    assert table_changes("t", before, now | {"again": 150}) == [lost]
    # A quieter month, of which nothing is gone.
    assert table_changes("t", before, now | {"rows": 100, "again": 190}) == []


def test_the_first_build_compares_with_nothing(tmp_path):
    place = Place.find(tmp_path)
    now = {"t": {"rows": 200, "is_calls": False, "columns": {}}}
    assert changes.since(place, now) == []
    changes.keep(place, now)
    assert json.loads((tmp_path / "landing_profile.json").read_text()) == now
    assert changes.since(place, {}) == ["t has no rows: the build before found 200."]
