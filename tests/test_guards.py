"""What dbt itself can guard is guarded - contracts, access, groups, readers - and each rule fails on a bad copy."""

from __future__ import annotations

import copy
import json
import os
import subprocess
from functools import cache
from pathlib import Path

import pytest
import yaml
from support.built_world import project
from support.project import ROOT

BOUNCER = ROOT / ".venv-guards/bin/dbt-bouncer"
MART = "model.expansion_triggers.trigger_scorecard"
STAGING = "model.expansion_triggers.stg_crm__accounts"
INTERMEDIATE = "model.expansion_triggers.int_clock"
# How a rule of dbt-bouncer.yml is broken: what is set to what in a copy of the manifest, and which check says so.
BROKEN = {
    "a mart that readers may not use": (("nodes", MART, "access"), "protected", "check_model_access"),
    "an inner model that anybody may use": (("nodes", INTERMEDIATE, "access"), "public", "check_model_access"),
    "a public mart without a contract": (
        ("nodes", MART, "contract", "enforced"),
        False,
        "check_model_contract_enforced_for_public_model",
    ),
    "a mart that nobody reads": (("exposures",), {}, "check_model_has_exposure"),
    "a reader without an owner": (
        ("exposures", "exposure.expansion_triggers.metrics", "owner"),
        {"name": None, "email": None},
        "check_exposure_has_owner",
    ),
    "a reader of whom nothing is said": (
        ("exposures", "exposure.expansion_triggers.metrics", "description"),
        "",
        "check_exposure_description_populated",
    ),
    "metrics of what may change": (
        ("semantic_models", "semantic_model.expansion_triggers.firings", "depends_on", "nodes"),
        [INTERMEDIATE],
        "check_semantic_model_based_on_non_public_models",
    ),
    "a model of which nothing is said": (("nodes", MART, "description"), "", "check_model_description_populated"),
    "a column of which nothing is said": (
        ("nodes", MART, "columns", "trigger_id", "description"),
        "",
        "check_model_column_description_populated",
    ),
    "a seed of which nothing is said": (
        ("nodes", "seed.expansion_triggers.tiers", "description"),
        "",
        "check_seed_description_populated",
    ),
    "a source of which nothing is said": (
        ("sources", "source.expansion_triggers.stripe.invoice", "description"),
        "",
        "check_source_description_populated",
    ),
    "staging that reads what is built on it": (
        ("nodes", STAGING, "depends_on", "nodes"),
        ["model.expansion_triggers.int_firings"],
        "check_lineage_permitted_upstream_models",
    ),
    "a mart that another model reads": (
        ("nodes", INTERMEDIATE, "depends_on", "nodes"),
        [MART],
        "check_lineage_permitted_upstream_models",
    ),
}


@cache
def manifest() -> dict:
    # As dbt writes it: what a test changes is a copy.
    return json.loads(json.dumps(project().manifest.writable_manifest().to_dict(omit_none=False), default=str))


def failed(folder: Path, parsed: dict) -> set[str]:
    """Names of the rules that a manifest breaks."""
    if not BOUNCER.exists():
        if os.environ.get("EXPANSION_REQUIRE_GUARDS") == "1":
            pytest.fail(f"{BOUNCER} is missing: make guards-env")
        pytest.skip("make guards-env installs dbt-bouncer")
    (folder / "target").mkdir(exist_ok=True)
    (folder / "target/manifest.json").write_text(json.dumps(parsed))
    (folder / "dbt-bouncer.yml").write_text((ROOT / "dbt-bouncer.yml").read_text())
    found = folder / "found.json"
    command = [BOUNCER, "run", "--config-file", "dbt-bouncer.yml", "--output-file", found.name]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert found.exists(), ran.stdout + ran.stderr
    results = json.loads(found.read_text())
    assert (ran.returncode == 0) == all(result["outcome"] == "success" for result in results)
    return {result["check_run_id"].split(":")[0] for result in results if result["outcome"] != "success"}


def test_the_project_keeps_its_rules(tmp_path):
    assert failed(tmp_path, manifest()) == set()


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_rule_is_named(tmp_path, fault):
    path, value, rule = BROKEN[fault]
    parsed = copy.deepcopy(manifest())
    place = parsed
    for key in path[:-1]:
        place = place[key]
    assert place[path[-1]] != value
    place[path[-1]] = value
    assert rule in failed(tmp_path, parsed)


def test_every_rule_is_broken_once():
    rules = yaml.safe_load((ROOT / "dbt-bouncer.yml").read_text())["manifest_checks"]
    assert {rule["name"] for rule in rules} == {rule for _, _, rule in BROKEN.values()}


def test_every_public_mart_has_a_group_with_an_owner():
    groups = {group["name"]: group for group in manifest()["groups"].values()}
    public = [node for node in manifest()["nodes"].values() if node.get("access") == "public"]
    assert len(public) > 20
    for node in public:
        assert groups[node["group"]]["owner"]["email"], node["name"]


def test_every_landed_source_says_when_it_is_late():
    """By a table of it, whose newest row is looked at; bad rows and fitted weights the project writes itself."""
    late = {
        source["source_name"]
        for source in manifest()["sources"].values()
        if (source["freshness"] or {}).get("warn_after", {}).get("count") and source["loaded_at_query"]
    }
    assert late == {source["source_name"] for source in manifest()["sources"].values()} - {"quarantine", "readiness"}
