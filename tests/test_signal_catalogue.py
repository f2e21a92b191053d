"""The catalogue, the models that it names and the published contract tell of the same signals, or a sentence names who does not."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from support.mutation import PACKAGE, Edit, mutated
from support.project import failures

CATALOGUE = "signal_catalogue"
SOUND = "'unit': 'users', 'kind': 'count', 'model': 'int_signals_usage_hours',"


def complaint(project, folder) -> str:
    """What dbt says when the model that joins the families is compiled; nothing is run."""
    result = project.invoke(["compile", "--select", "int_account_signals_daily"], folder)
    return "" if result.success else failures(result)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("catalogue")


@pytest.fixture(scope="module", autouse=True)
def parsed(project, folder):
    """A manifest, before anything is changed in it; a compilation needs no landing."""
    assert complaint(project, folder) == ""


@contextmanager
def without_column(project, model: str, column: str):
    columns = project.manifest.flat_graph["nodes"][f"model.{PACKAGE}.{model}"]["columns"]
    kept = dict(columns)
    del columns[column]
    try:
        yield
    finally:
        columns.clear()
        columns.update(kept)


def test_a_family_that_lacks_the_column_is_named(project, folder):
    with without_column(project, "int_signals_usage_hours", "power_users"):
        assert "power_users is not a column of int_signals_usage_hours" in complaint(project, folder)


def test_a_signal_that_is_not_published_is_named(project, folder):
    with without_column(project, "fct_account_signals_daily", "power_users"):
        assert "power_users is not in the contract of fct_account_signals_daily" in complaint(project, folder)


@pytest.mark.parametrize(
    ("text", "replacement", "sentence"),
    [
        ("{'name': 'health_band',", "{'name': 'segment',", "health_band is in the contract of fct_account_signals_daily and has no row"),
        ("{'name': 'health_band',", "{'name': 'segment',", "segment has more than one row"),
        ("'phrase': '{value} seats'", "'words': '{value} seats'", "seats_licensed has no phrase"),
        ("'low': -1, 'high': none, 'history_days': 56", "'high': none", "active_users_growth_28d has no low"),
        ("'low': 0, 'high': 100, 'phrase': 'health", "'low': 0, 'phrase': 'health", "health_score has no high"),
        (SOUND, SOUND.replace("'unit': 'users', ", ""), "power_users has no unit"),
        (SOUND, SOUND.replace("count", "amount"), "power_users has no kind: expected count, number, ratio or text"),
        ("'domain': 'intent', ", "", "intent_surge_score has no domain"),
    ],
)  # fmt: skip
def test_a_row_that_lacks_something_is_named(project, folder, text, replacement, sentence):
    with mutated(project.manifest, (Edit(CATALOGUE, text, replacement),)):
        assert sentence in complaint(project, folder)
