"""The layers tell the truth: marts are leaves, and the urgent path is whole."""

from __future__ import annotations

import pytest
from support.built_world import project


@pytest.fixture(scope="module")
def models() -> dict:
    nodes = project().manifest.nodes.values()
    return {node.unique_id: node for node in nodes if node.resource_type == "model"}


def reached(models: dict, start: str) -> set[str]:
    """Names of the models that read a model, directly or through others."""
    names, grew = {start}, True
    while grew:
        below = {
            node.name
            for node in models.values()
            if any(key in models and models[key].name in names for key in node.depends_on.nodes)
        }
        grew = not below <= names
        names |= below
    return names - {start}


def test_nothing_reads_a_mart(models):
    readers = {
        (node.name, models[key].name)
        for node in models.values()
        for key in node.depends_on.nodes
        if key in models and models[key].original_file_path.startswith("models/marts/")
    }
    assert readers == set()


@pytest.mark.parametrize("mart", ["sync_alerts", "sync_crm_firings"])
def test_what_lies_between_a_new_firing_and_who_is_told_is_urgent(models, mart):
    between = {name for name in reached(models, "int_new_firings") if mart in reached(models, name) | {name}}
    assert mart in between
    slow = {node.name for node in models.values() if node.name in between and "urgent" not in node.tags}
    assert slow == set()


def test_an_alert_does_not_wait_for_the_customers_message(models):
    assert "sync_alerts" not in reached(models, "sync_crm_firings")
