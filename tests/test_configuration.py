"""A company's configuration is data: the project's own tests know none, and hold for any other one."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
import yaml
from support.project import FROZEN, ROOT, Project, failures, rows
from worlds import write_seeds, write_world

#: Another company beside the drawn one: what small worlds do not need.
ANOTHER = {
    "council_decisions": ["2026-01-05,invite_blocked,keep,1,1,Wait a month,"],
    "verdict_limits": {"min_index_events": "12", "promote_min_low": "1.5", "tune_min_gain": "0.25"},
    "channels": ["email,true,", "phone,true,", "slack,false,", "in_app,true,", "crm_alert,false,"],
    "context_signals": ["segment,,1,", "contract_value,,2,", "teams_added_30d,{value} new team(s) this month,3,"],
}


def test_the_tests_run_on_the_frozen_configuration(project):
    """Whatever stands in seeds/company, as far as it has such a seed at all."""
    own = sorted((ROOT / "seeds/company").glob("*.csv"))
    assert own
    for file in own:
        frozen = FROZEN / file.name
        assert project.seed(file.stem).read_bytes() == (frozen if frozen.exists() else file).read_bytes()


def test_unit_tests_give_the_companys_seeds_themselves():
    """An input without rows is read from its CSV."""
    read = []
    for file in sorted((ROOT / "models").rglob("*.yml")):
        for test in (yaml.safe_load(file.read_text()) or {}).get("unit_tests", []):
            for given in test["given"]:
                name = re.search(r"""['"](\w+)['"]\s*\)""", given["input"])[1]
                if not {"rows", "fixture"} & given.keys() and (ROOT / f"seeds/company/{name}.csv").exists():
                    read.append(f"{test['name']} reads {name}.csv")
    assert read == []


@pytest.mark.sampled(0)
def test_another_companys_configuration_breaks_nothing_of_ours(tmp_path):
    """Every seed of the company is another one's; the project parses, every unit test passes, and its rules fire."""
    project = Project(tmp_path / "checkout")
    write_world(tmp_path, 17)
    write_seeds(tmp_path, 17)
    project.use_seeds(tmp_path / "seeds")
    for file in (project.folder / "seeds/company").glob("*.csv"):
        if file.read_bytes() == original(file):
            give_to_another(file)
        # A seed without a row holds nothing of ours.
        assert file.read_bytes() != original(file) or file.read_text().count("\n") == 1, f"{file.name} is still ours"

    result = project.invoke(["build", "--exclude-resource-type", "test"], tmp_path, {"max_quarantined_share": 1})
    assert result.success, failures(result)
    unit_tests = [node for node in result.result if node.node.resource_type == "unit_test"]
    assert len(unit_tests) > 150 and {str(node.status) for node in unit_tests} == {"pass"}
    fired = rows(tmp_path / "warehouse.duckdb", "select distinct trigger_id from marts.fct_fired_triggers")
    with (tmp_path / "seeds/trigger_library.csv").open(newline="") as library:
        assert {row["trigger_id"] for row in fired} <= {row["trigger_id"] for row in csv.DictReader(library)} and fired


def original(file: Path) -> bytes:
    frozen = FROZEN / file.name
    return (frozen if frozen.exists() else ROOT / "seeds/company" / file.name).read_bytes()


def give_to_another(file: Path) -> None:
    """Rows of another company; a seed that nobody has written them for has its own rows turned round."""
    with file.open(newline="", encoding="utf-8") as source:
        header, *own = csv.reader(source)
    another = ANOTHER.get(file.stem)
    if isinstance(another, dict):
        lines = [[name, another.get(name, value), *rest] for name, value, *rest in own]
    else:
        lines = list(csv.reader(another)) if another else own[::-1]
    with file.open("w", newline="", encoding="utf-8") as target:
        csv.writer(target, lineterminator="\n").writerows([header, *lines])
