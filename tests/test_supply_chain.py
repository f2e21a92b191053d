"""What is installed is what was locked, each dependency has a reason, and a known vulnerability is told."""

from __future__ import annotations

import json
import re
import tomllib
import zipfile
from pathlib import Path

import audit
import pytest
from operations.advisories import AuditError, is_affected, locked
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from support.project import ROOT

LOCKS = sorted(ROOT.glob("requirements*.lock"))
PROJECT = (ROOT / "pyproject.toml").read_text()
PARSED = tomllib.loads(PROJECT)
# Which dependencies a lock was resolved from.
BASE = PARSED["project"]["dependencies"]
RESOLVED_FROM = {
    "requirements.lock": BASE,
    "requirements-dev.lock": BASE + PARSED["project"]["optional-dependencies"]["dev"],
    "requirements-spark.lock": BASE + PARSED["project"]["optional-dependencies"]["spark"],
} | {f"requirements-{group}.lock": needed for group, needed in PARSED["dependency-groups"].items()}
ADVISORY = {
    "id": "GHSA-aaaa-bbbb-cccc",
    "aliases": ["CVE-2026-0001"],
    "summary": "Reads beyond the end.",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "DuckDB"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "1.9"}, {"fixed": "2.0.1"}]}],
        }
    ],
}


def entries(lock: Path) -> list[str]:
    """One text a requirement, with its continued lines."""
    lines = lock.read_text().replace("\\\n", " ").splitlines()
    return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]


def test_every_lock_is_known():
    assert {lock.name for lock in LOCKS} == RESOLVED_FROM.keys()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_pins_versions_and_hashes_and_names_no_place(lock):
    for entry in entries(lock):
        assert re.match(r"[a-z0-9.-]+(\[[a-z,-]+\])?==\S+ ", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}(\s|$)", entry), entry
    assert not re.search(r"://|--(extra-)?index|--find-links|@ ", lock.read_text())


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_holds_what_the_project_asks_for(lock):
    held = locked([lock])
    for text in RESOLVED_FROM[lock.name]:
        wanted = Requirement(text)
        versions = [version for name, version in held if name == canonicalize_name(wanted.name)]
        assert versions, f"{wanted.name} is not locked: make lock"
        assert all(version in wanted.specifier for version in versions), f"{text}, locked {versions}: make lock"


def test_each_dependency_has_a_reason():
    asked = [text for needed in RESOLVED_FROM.values() for text in needed]
    for text in asked:
        line = next(line for line in PROJECT.splitlines() if f'"{text}"' in line)
        assert len(line.partition("#")[2].split()) >= 2 or text.startswith("pytest>"), f"{text} has no reason"


def test_the_installers_ask_for_the_hashes():
    install = (ROOT / "Makefile").read_text().partition("define install")[2].partition("endef")[0]
    installing = [line for line in install.splitlines() if "pip install" in line]
    assert len(installing) == 2 and all("--require-hashes" in line for line in installing)


def export(folder: Path, *advisories: dict) -> Path:
    """An export of advisories as osv.dev gives it."""
    file = folder / "all.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for number, advisory in enumerate(advisories):
            archive.writestr(f"{number}.json", json.dumps(advisory))
    return file


def lock_of(folder: Path, *pins: str) -> Path:
    file = folder / "requirements.lock"
    file.write_text("".join(f"{pin} \\\n    --hash=sha256:{'0' * 64}\n" for pin in pins))
    return file


def test_a_known_vulnerability_is_told(tmp_path, capsys):
    lock = lock_of(tmp_path, "duckdb==2.0.0", "pandas==2.3.3")
    assert audit.main([str(lock), "--advisories", str(export(tmp_path, ADVISORY))]) == 1
    told = capsys.readouterr().out
    assert "duckdb 2.0.0 (requirements.lock): GHSA-aaaa-bbbb-cccc, fixed in 2.0.1. Reads beyond the end." in told
    assert "2 locked versions, 1 known vulnerabilities, 0 accepted" in told


@pytest.mark.parametrize(
    ("pin", "change"),
    [
        ("duckdb==2.0.1", {}),
        ("duckdb==1.8", {}),
        ("pandas==2.0.0", {}),
        ("duckdb==2.0.0", {"withdrawn": "2026-11-01T00:00:00Z"}),
    ],
)
def test_what_an_advisory_is_not_about_is_not_told(tmp_path, pin, change):
    assert audit.main([str(lock_of(tmp_path, pin)), "--advisories", str(export(tmp_path, ADVISORY | change))]) == 0


def test_an_accepted_advisory_stops_nothing_until_its_day(tmp_path, capsys):
    lock, advisories, project = (
        lock_of(tmp_path, "duckdb==2.0.0"),
        export(tmp_path, ADVISORY),
        tmp_path / "pyproject.toml",
    )
    options = [str(lock), "--advisories", str(advisories), "--project", str(project)]
    project.write_text('[tool.audit.accepted]\nCVE-2026-0001 = "9999-12-31: nothing here reads such files"\n')
    assert audit.main(options) == 0
    assert "Accepted: nothing here reads such files." in capsys.readouterr().out
    project.write_text('[tool.audit.accepted]\nCVE-2026-0001 = "2026-01-01: nothing here reads such files"\n')
    assert audit.main(options) == 1
    project.write_text('[tool.audit.accepted]\nCVE-2026-0001 = "never mind"\n')
    assert audit.main(options) == 3
    assert "expected '2027-01-31: reason', not 'never mind'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("version", "events", "is_inside"),
    [
        ("1.0", [{"introduced": "0"}], True),
        ("1.0", [{"introduced": "0"}, {"last_affected": "1.0"}], True),
        ("1.1", [{"introduced": "0"}, {"last_affected": "1.0"}], False),
        ("2.5", [{"introduced": "0"}, {"fixed": "1.0"}, {"introduced": "2.0"}, {"fixed": "3.0"}], True),
        ("1.5", [{"introduced": "0"}, {"fixed": "1.0"}, {"introduced": "2.0"}, {"fixed": "3.0"}], False),
    ],
)
def test_ranges_of_an_advisory(version, events, is_inside):
    assert is_affected(version, {"ranges": [{"type": "ECOSYSTEM", "events": events}]}) is is_inside


def test_what_cannot_be_looked_up_is_no_good_news(tmp_path, monkeypatch, capsys):
    answer = {"dependencies": [{"name": "duckdb", "skip_reason": "Dependency not found on PyPI"}]}
    ran = type("Ran", (), {"stdout": json.dumps(answer), "stderr": ""})
    monkeypatch.setattr("operations.advisories.subprocess.run", lambda *_, **__: ran)
    assert audit.main([str(lock_of(tmp_path, "duckdb==2.0.0"))]) == 3
    assert "Of 1 locked versions 1 could not be looked up (duckdb" in capsys.readouterr().err


def test_a_lock_or_an_export_that_holds_nothing_is_named(tmp_path, capsys):
    empty = tmp_path / "requirements.lock"
    empty.write_text("")
    with pytest.raises(AuditError, match="pins nothing"):
        locked([empty])
    assert audit.main([str(lock_of(tmp_path, "duckdb==2.0.0")), "--advisories", str(export(tmp_path))]) == 3
    assert "holds no advisory" in capsys.readouterr().err
