"""What the doctor found, in the words in which it is told."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

LONGEST_NAME = 60
ADDRESS = re.compile(r"[^\s@/]+@[^\s@/]+")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Severity(IntEnum):
    STOPS = 0
    SILENCES = 1
    KNOW = 2

    @property
    def words(self) -> str:
        return ("stops the build", "silences triggers", "worth knowing")[self]


@dataclass(frozen=True)
class Rows:
    """Rows to paste into a seed, as the file would hold them."""

    seed: str
    header: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def lines(self) -> list[str]:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(self.rows)
        return text.getvalue().splitlines()


@dataclass(frozen=True)
class Finding:
    """One thing that is missing. `rank` orders findings of one severity, the greatest first."""

    severity: Severity
    concern: str
    sentence: str
    paste: Rows | None = None
    # Lines for dbt_project.yml.
    settings: str | None = None
    rank: float = 0.0


@dataclass
class Examination:
    """All findings, and what was looked at."""

    landing: str
    vendors: list[str]
    tables: int
    findings: list[Finding] = field(default_factory=list)

    @property
    def worst(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity < Severity.KNOW]

    def ordered(self) -> list[Finding]:
        return sorted(self.findings, key=lambda found: (found.severity, -found.rank))


def shown(value: Any) -> str:
    """A value of the landing as it may be printed: no address, no control characters, not endless."""
    text = CONTROL.sub(" ", ADDRESS.sub("(address)", str(value)))
    return text if len(text) <= LONGEST_NAME else f"{text[:LONGEST_NAME]}..."


def listed(values: Iterable[Any], most: int = 6) -> str:
    values = [shown(value) for value in values]
    rest = len(values) - most
    return ", ".join(values[:most]) + (f" and {rest} more" if rest > 0 else "")


def nearest(name: str, among: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The most similar name, without regard to case and underscores; None where nothing is similar."""
    plain = {_plain(other): other for other in sorted(among, reverse=True)}
    found = difflib.get_close_matches(_plain(name), plain, 1, cutoff)
    return plain[found[0]] if found else None


def percent(part: float, whole: float) -> str:
    """Rounded, but neither all nor nothing unless it is."""
    if not whole:
        return "0 %"
    share = 100 * part / whole
    if 0 < share < 1:
        return "less than 1 %"
    return f"{min(round(share), 99) if part < whole else 100} %"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
