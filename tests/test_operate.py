"""One writer at a time, told in one sentence; and the schedules of docs/operate load and name commands that exist."""

from __future__ import annotations

import configparser
import importlib.util
import re
import subprocess
import sys
import types
from pathlib import Path
from unittest import mock

import pytest
import yaml
from support.project import ROOT

sys.path.insert(0, str(ROOT / "scripts"))

from operations import turn  # noqa: E402

FOLDER = ROOT / "docs/operate"
HOLD = """
import sys
sys.path.insert(0, {scripts!r})
from pathlib import Path
from operations import turn
with turn.held(Path({warehouse!r}), "a build", 0):
    print(1, flush=True)
    sys.stdin.read()
"""
CONNECT = "import duckdb, sys; c = duckdb.connect({warehouse!r}); print(1, flush=True); sys.stdin.read()"


@pytest.fixture
def holder(tmp_path: Path):
    """Starts a process that holds the warehouse until the test ends."""
    started = []

    def start(code: str) -> int:
        text = code.format(warehouse=str(tmp_path / "warehouse.duckdb"), scripts=str(ROOT / "scripts"))
        process = subprocess.Popen([sys.executable, "-c", text], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        process.stdout.readline()
        started.append(process)
        return process.pid

    yield start
    for process in started:
        process.communicate(b"")


@pytest.mark.parametrize("script", ["build.py", "urgent.py", "publish_marts.py"])
@pytest.mark.parametrize(("code", "who"), [(HOLD, "a build"), (CONNECT, "python")])
def test_who_comes_second_waits_and_is_told_for_whom(
    script: str, code: str, who: str, holder, tmp_path: Path, monkeypatch, capsys
) -> None:
    pid = holder(code)
    spec = importlib.util.spec_from_file_location(script[:-3], ROOT / "scripts" / script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    options = ["--project-dir", str(ROOT), "--data-dir", str(tmp_path), "--wait", "0.3"]
    assert module.main(options) == 75
    told = capsys.readouterr().err
    assert re.fullmatch(
        rf"{who}\S* \(process {pid}\) holds warehouse.duckdb since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d UTC\.\n", told
    )


def test_a_turn_ends_with_its_process_and_leaves_no_file(holder, tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    with turn.held(warehouse, "one", 0), turn.held(warehouse, "the same process", 0):
        assert (tmp_path / "warehouse.duckdb.lock").exists()
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "warehouse.duckdb.lock").write_text("left by one that was killed")
    with turn.held(warehouse, "two", 0):
        pass


# Schedules


def commands() -> list[str]:
    """Every call of one of the project's scripts in the definitions, with its options."""
    texts = [file.read_text() for file in sorted(FOLDER.iterdir()) if file.is_file()]
    found = [call for text in texts for call in re.findall(r"scripts/([a-z_]+\.py[^\n&|\"']*)", text)]
    return sorted(set(found))


@pytest.mark.parametrize("command", commands())
def test_a_command_of_a_schedule_exists(command: str) -> None:
    script, *options = command.split()
    text = "".join(file.read_text() for file in [ROOT / "scripts" / script, ROOT / "scripts/push/cli.py"])
    for option in options:
        if option.startswith("--"):
            assert f'"{option}"' in text, option


def test_systemd_units_and_cron_lines_are_read() -> None:
    for name in ("build", "urgent"):
        unit = configparser.ConfigParser(strict=False, interpolation=None)
        unit.optionxform = str
        unit.read(FOLDER / f"expansion-{name}.service")
        assert unit["Service"]["SuccessExitStatus"] == "75"
        timer = configparser.ConfigParser(interpolation=None)
        timer.optionxform = str
        timer.read(FOLDER / f"expansion-{name}.timer")
        assert timer["Timer"]["OnCalendar"] and timer["Install"]["WantedBy"] == "timers.target"
    lines = [line for line in (FOLDER / "crontab").read_text().splitlines() if line[:1] in "0123456789*" and line]
    assert len(lines) == 3 and all(re.match(r"(\S+\s+){5}cd \$PROJECT && ", line) for line in lines)


def test_the_workflow_is_read() -> None:
    workflow = yaml.safe_load((FOLDER / "github_actions.yml").read_text())
    # YAML 1.1 takes the key `on` for true.
    assert [entry["cron"] for entry in workflow[True]["schedule"]] == ["30 4 * * *", "*/5 * * * *"]
    assert all(step.keys() & {"run", "uses"} for job in workflow["jobs"].values() for step in job["steps"])


class Stand:
    """Takes the place of any class of a library that is not installed: called, entered, chained, decorating."""

    made: list[str] = []

    def __init__(self, *arguments, **options):
        self.arguments, self.options = arguments, options

    def __call__(self, function):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def __rshift__(self, other):
        return other

    def __getattr__(self, name):
        return Path(name)


@pytest.mark.parametrize(
    ("file", "modules", "expected"),
    [
        ("airflow_cosmos", ("airflow", "airflow.operators", "airflow.operators.bash", "cosmos"), ("daily", "urgent")),
        ("dagster_definitions", ("dagster", "dagster_dbt"), ("defs",)),
    ],
)
def test_a_python_definition_loads(file: str, modules: tuple[str, ...], expected: tuple[str, ...]) -> None:
    """With the library where it is installed, else against stand-ins: then only the file itself is proven to run."""
    stands = {}
    if importlib.util.find_spec(modules[0]) is None:
        for name in modules:
            stands[name] = types.ModuleType(name)
            stands[name].__getattr__ = lambda name: type(name, (Stand,), {})
    with mock.patch.dict(sys.modules, stands):
        spec = importlib.util.spec_from_file_location(file, FOLDER / f"{file}.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    assert all(hasattr(module, name) for name in expected)
