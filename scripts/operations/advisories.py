"""Which locked versions have known vulnerabilities: by pip-audit, or from an export of osv.dev where nothing is reached.

Runs in an environment that holds pip-audit and what it needs, and nothing of the project.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

PINNED = re.compile(r"(?m)^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")
ACCEPTED = re.compile(r"(\d{4}-\d{2}-\d{2}): (\S.*)")


class AuditError(Exception):
    """What could not be looked up, as a sentence."""


@dataclass(frozen=True)
class Finding:
    """One advisory about one locked version."""

    package: str
    version: str
    locks: tuple[str, ...]
    advisory: str
    names: frozenset[str]
    fixed_in: str
    summary: str


# (package, version) with the names of the locks that hold it.
Locked = dict[tuple[str, str], tuple[str, ...]]


def locked(files: Iterable[Path]) -> Locked:
    """Every pinned version of the locks. Raises AuditError on a file that pins nothing."""
    found: Locked = {}
    for file in files:
        pins = PINNED.findall(file.read_text()) if file.exists() else []
        if not pins:
            raise AuditError(f"{file} pins nothing: expected a lock with name==version.")
        for name, version in pins:
            key = (canonicalize_name(name), version)
            found[key] = (*found.get(key, ()), file.name)
    return found


def accepted(project: Path, today: date) -> dict[str, str]:
    """Advisories that stand as accepted today, with their reasons, from pyproject.toml."""
    table = tomllib.loads(project.read_text()).get("tool", {}).get("audit", {}).get("accepted", {})
    standing = {}
    for name, text in table.items():
        parts = ACCEPTED.fullmatch(str(text))
        if not parts:
            raise AuditError(
                f"{project.name}, tool.audit.accepted, {name}: expected '2027-01-31: reason', not '{text}'."
            )
        if date.fromisoformat(parts[1]) >= today:
            standing[name] = parts[2]
    return standing


def looked_up(versions: Locked) -> list[Finding]:
    """Asks PyPI's advisories. Raises AuditError where one version could not be looked up: unknown is not sound."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        # Both versions of what differs by Python's version are asked for, one a file: a requirement stands once in each.
        answers = []
        for part in _distinct(versions):
            Path(file.name).write_text("".join(f"{name}=={version}\n" for name, version in part))
            command = ["-m", "pip_audit", "--no-deps", "--disable-pip", "-r", file.name, "-f", "json"]
            ran = subprocess.run(
                [sys.executable, *command, "--progress-spinner", "off"], capture_output=True, text=True
            )
            try:
                answers += json.loads(ran.stdout)["dependencies"]
            except (ValueError, KeyError):
                told = (ran.stderr.strip().splitlines() or ["no message"])[-1]
                raise AuditError(f"pip-audit gave no answer: {told}") from None
    unknown = sorted(answer["name"] for answer in answers if "skip_reason" in answer)
    if unknown:
        raise AuditError(
            f"Of {len(answers)} locked versions {len(unknown)} could not be looked up ({', '.join(unknown[:3])}, ..): PyPI's"
            " advisories are not reached from here. --advisories takes an export instead (SECURITY.md)."
        )
    return [
        Finding(
            answer["name"],
            answer["version"],
            versions[canonicalize_name(answer["name"]), answer["version"]],
            advisory["id"],
            frozenset([advisory["id"], *advisory.get("aliases", [])]),
            ", ".join(advisory.get("fix_versions", [])),
            _first_line(advisory.get("description", "")),
        )
        for answer in answers
        for advisory in answer.get("vulns", [])
    ]


def _distinct(versions: Locked) -> list[list[tuple[str, str]]]:
    """The versions in lists in which every name stands once."""
    parts: list[dict[str, str]] = []
    for name, version in versions:
        part = next((part for part in parts if name not in part), None)
        if part is None:
            parts.append(part := {})
        part[name] = version
    return [list(part.items()) for part in parts]


def exported(versions: Locked, export: Path) -> list[Finding]:
    """Looks in an export of osv.dev: a zip or a folder with a JSON file an advisory (https://ossf.github.io/osv-schema)."""
    names = {name: [version for known, version in versions if known == name] for name, _ in versions}
    findings, seen = [], 0
    for advisory in _advisories(export):
        seen += 1
        if advisory.get("withdrawn"):
            continue
        for affected in advisory.get("affected", []):
            package = affected.get("package", {})
            name = canonicalize_name(package.get("name", ""))
            if package.get("ecosystem") != "PyPI":
                continue
            for version in names.get(name, []):
                if is_affected(version, affected):
                    fixes = [event["fixed"] for event in _events(affected) if "fixed" in event]
                    aliases = frozenset([advisory["id"], *advisory.get("aliases", [])])
                    told = _first_line(advisory.get("summary") or advisory.get("details", ""))
                    findings.append(
                        Finding(name, version, versions[name, version], advisory["id"], aliases, ", ".join(fixes), told)
                    )
    if not seen:
        raise AuditError(
            f"{export} holds no advisory: expected osv.dev's export for PyPI, a zip or a folder of JSON files."
        )
    return sorted(findings, key=lambda finding: (finding.package, finding.version, finding.advisory))


def is_affected(version: str, affected: dict[str, Any]) -> bool:
    """Whether a version is in an advisory's list or in one of its ranges."""
    if version in affected.get("versions", []):
        return True
    return any(
        _is_in_range(Version(version), entry.get("events", []))
        for entry in affected.get("ranges", [])
        if entry.get("type") == "ECOSYSTEM"
    )


def _is_in_range(version: Version, events: list[dict[str, str]]) -> bool:
    """Events switch on and off in the order of their versions; `last_affected` is inside still."""
    is_in = False
    for event in sorted(events, key=lambda event: _as_version(next(iter(event.values())))):
        if "introduced" in event and version >= _as_version(event["introduced"]):
            is_in = True
        if "fixed" in event and version >= _as_version(event["fixed"]):
            is_in = False
        if "last_affected" in event and version > _as_version(event["last_affected"]):
            is_in = False
    return is_in


def _as_version(text: str) -> Version:
    try:
        return Version(text)
    except InvalidVersion:
        raise AuditError(f"An advisory names a version '{text}', which is none.") from None


def _events(affected: dict[str, Any]) -> Iterator[dict[str, str]]:
    for entry in affected.get("ranges", []):
        if entry.get("type") == "ECOSYSTEM":
            yield from entry.get("events", [])


def _advisories(export: Path) -> Iterator[dict[str, Any]]:
    try:
        if export.is_dir():
            for file in sorted(export.glob("*.json")):
                yield json.loads(file.read_text())
        else:
            with zipfile.ZipFile(export) as archive:
                for name in sorted(archive.namelist()):
                    if name.endswith(".json"):
                        yield json.loads(archive.read(name))
    except (OSError, zipfile.BadZipFile, ValueError) as error:
        raise AuditError(f"{export} cannot be read: {error}.") from None


def _first_line(text: str) -> str:
    return (text.strip().splitlines() or [""])[0][:200]
