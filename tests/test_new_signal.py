"""A signal is one model and one row of the catalogue: those that CONTRIBUTING shows, with a condition on it in a trigger."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest
from support.project import ROOT, Project, failures, rows

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

from sample_world.build import generate  # noqa: E402
from sample_world.config import Options  # noqa: E402

WORLD = {"seed": 3, "accounts": 40, "months": 5, "events": 6_000}
SIGNAL = "contract_value_per_seat"
SELECT = ["+fct_account_signals_daily", "+signal_coverage", "+int_firing_words"]
# What project.build leaves out.
SWEEP = "+int_sweep_conditions,path:models/intermediate/validation"


def shown() -> list[str]:
    """What CONTRIBUTING shows of a signal: its model, that model's YAML, its row and its column of the contract."""
    section = (ROOT / "CONTRIBUTING.md").read_text().split("## Add a signal")[1].split("\n## ")[0]
    return re.findall(r"```\w+\n(.*?)```", section, flags=re.DOTALL)


def put_in(file: Path, anchor: str, text: str) -> None:
    """The text directly after the first occurrence of the anchor."""
    before, found, after = file.read_text().partition(anchor)
    assert found, f"{file} does not hold {anchor!r}"
    file.write_text(before + anchor + text + after)


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("signal")
    project = Project(folder / "checkout")
    for name in ("models", "macros"):
        (project.folder / name).unlink()
        shutil.copytree(ROOT / name, project.folder / name)
    model, described, row, column = shown()
    signals = project.folder / "models/intermediate/signals"
    (signals / "int_signals_price.sql").write_text(model)
    put_in(signals / "_models.yml", "\nmodels:\n", described)
    put_in(project.folder / "macros/signals/signal_catalogue.sql", "{{ return([\n", row)
    core = project.folder / "models/marts/core/_models.yml"
    head, mart, rest = core.read_text().partition("  - name: fct_account_signals_daily\n")
    core.write_text(head + mart + rest.replace("    columns:\n", f"    columns:\n{column}", 1))
    conditions = project.seed("trigger_conditions")
    changed = conditions.read_text().splitlines()
    (position,) = [at for at, line in enumerate(changed) if line.startswith("storage_nearly_full,")]
    changed[position] = f"storage_nearly_full,{SIGNAL},>,0,,"
    conditions.write_text("\n".join(changed) + "\n")
    generate(folder / "world", Options(**WORLD))
    warehouse = project.build(folder / "world", select=SELECT)
    swept = project.invoke(["run", "--select", SWEEP], folder / "world")
    assert swept.success, failures(swept)
    return warehouse


def test_it_is_published_beside_the_others(built):
    query = f"""
        select count(*) as days, count({SIGNAL}) as known,
            sum(case when {SIGNAL} = round(contract_value / seats_licensed, 6) then 1 else 0 end) as as_defined
        from marts.fct_account_signals_daily
    """
    (found,) = rows(built, query)
    assert 0 < found["known"] == found["as_defined"] <= found["days"]


def test_coverage_counts_it_and_the_trigger_that_reads_it(built):
    (found,) = rows(
        built, f"select triggers, known_accounts_today from marts.signal_coverage where signal = '{SIGNAL}'"
    )
    assert found["triggers"] == 1
    assert found["known_accounts_today"] > 0


def test_its_threshold_is_swept_by_whole_numbers(built):
    (found,) = rows(
        built, f"select threshold, step, is_swept from intermediate.int_sweep_conditions where signal = '{SIGNAL}'"
    )
    assert found == {"threshold": 0.0, "step": 1.0, "is_swept": True}


def test_a_firing_says_it_in_words(built):
    query = """
        select words.signal_text from intermediate.int_firing_words as words
        inner join intermediate.int_firings as fired using (firing_id) where fired.trigger_id = 'storage_nearly_full'
    """
    found = rows(built, query)
    assert found
    assert all(re.fullmatch(r"[\d,.]+ a seat and year", row["signal_text"]) for row in found)
