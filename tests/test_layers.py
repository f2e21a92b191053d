"""The layers tell the truth: marts are leaves, rooms stay small, the urgent path is whole, each macro is told and used."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from support.built_world import project

ROOT = Path(__file__).resolve().parents[1]
MOST_IN_A_FOLDER = 25
# Readiness, operations and account families are subjects of their own.
FEWER_MODELS_THAN = 300
# A pace is measured on other signals: one step more.
SHORTER_PATH_THAN = 43
# dbt itself calls these by their name.
CALLED_BY_DBT = {"generate_schema_name"}


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


def test_a_folder_is_a_room(models):
    """No room is crowded, and none holds a single model."""
    sizes = Counter(str(Path(node.original_file_path).parent) for node in models.values())
    largest, most = sizes.most_common(1)[0]
    print(f"largest folder: {largest} with {most} models")
    assert most <= MOST_IN_A_FOLDER
    assert [folder for folder, models_inside in sizes.items() if models_inside == 1] == []


def test_the_house_stays_small(models):
    print(f"models: {len(models)}")
    assert len(models) < FEWER_MODELS_THAN


def test_the_way_to_an_alert_is_short(models):
    names = {
        node.name: [models[key].name for key in node.depends_on.nodes if key in models] for node in models.values()
    }

    @cache
    def path(name: str) -> list[str]:
        return [*max((path(upper) for upper in names[name]), key=len, default=[]), name]

    longest = path("sync_alerts")
    print(f"longest path to an alert: {len(longest)} models")
    assert len(longest) < SHORTER_PATH_THAN, " > ".join(longest)


def macros() -> dict[str, tuple[str, dict]]:
    """Our macros by name, without the forms of one engine, each with its file and what is told of it."""
    return {
        node.name: (node.original_file_path, node)
        for node in project().manifest.macros.values()
        if node.package_name == "expansion_triggers" and not re.match(r"(default|spark|duckdb)__", node.name)
    }


def test_every_macro_is_told_beside_it():
    told = {}
    for name, (path, node) in macros().items():
        room = "/".join(Path(path).parts[:2])
        # A patch names its file as package://path.
        beside = (node.patch_path or "").endswith(f"{room}/_macros.yml")
        told[name] = bool(node.description) and beside
    assert [name for name, is_told in told.items() if not is_told] == []


def test_every_macro_is_used():
    files = [
        file
        for folder in (
            "macros",
            "models",
            "tests/data",
            "analyses",
            "seeds",
            "scripts",
            "tests/company",
            "tests/simulation",
        )
        for file in (ROOT / folder).rglob("*")
        if file.suffix in {".sql", ".yml", ".py"} and file.name != "_macros.yml"
    ]
    text = "\n".join(file.read_text() for file in [*files, ROOT / "dbt_project.yml"])
    # A definition is one occurrence; so is each engine's form, whose name begins otherwise.
    seen = Counter(re.findall(r"\w+", text))
    unused = [name for name in macros() if seen[name.removeprefix("test_")] <= 1 and name not in CALLED_BY_DBT]
    assert unused == []
