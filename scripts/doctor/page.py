"""The findings as text for a person and as a document for a program."""

from __future__ import annotations

import textwrap
from typing import Any

from .finding import Examination, Finding, Severity

WIDTH = 118
HEADINGS = {
    Severity.STOPS: "Stops the build",
    Severity.SILENCES: "Silences triggers",
    Severity.KNOW: "Worth knowing",
}
CALM = "Nothing stops a build, and nothing silences a trigger."


def text(result: Examination) -> str:
    """What there is to do, worst first, with rows to paste."""
    lines = [f"Read {result.tables} tables of {', '.join(result.vendors) or 'no vendor'} in {result.landing}."]
    findings = result.ordered()
    for severity, heading in HEADINGS.items():
        those = [finding for finding in findings if finding.severity == severity]
        if those:
            lines += ["", f"{heading} ({len(those)})"]
            for number, finding in enumerate(those, 1):
                lines += _finding(number, finding)
    counts = [
        f"{number} {words}"
        for severity, words in ((Severity.STOPS, "to stop the build"), (Severity.SILENCES, "to silence triggers"))
        if (number := sum(finding.severity == severity for finding in findings))
    ]
    known = len(findings) - len(result.worst)
    total = f"Found {' and '.join(counts)}." if counts else CALM
    return "\n".join([*lines, "", f"{total} {known} more worth knowing." if known else total])


def document(result: Examination) -> dict[str, Any]:
    """The same for machines: findings in the order of the text."""
    return {
        "landing": result.landing,
        "vendors": result.vendors,
        "tables": result.tables,
        "findings": [
            {
                "severity": finding.severity.words,
                "concern": finding.concern,
                "sentence": finding.sentence,
                "settings": finding.settings,
                "paste": finding.paste
                and {
                    "seed": finding.paste.seed,
                    "columns": list(finding.paste.header),
                    "rows": finding.paste.lines(),
                },
            }
            for finding in result.ordered()
        ],
    }


def _finding(number: int, finding: Finding) -> list[str]:
    start = f"{number:3}. "
    lines = textwrap.wrap(
        finding.sentence, WIDTH, initial_indent=start, subsequent_indent="     ", break_on_hyphens=False,
        break_long_words=False,
    )  # fmt: skip
    if finding.settings:
        lines += ["     set in dbt_project.yml:", *(f"       {line}" for line in finding.settings.splitlines())]
    if finding.paste:
        lines += [
            f"     paste into {finding.paste.seed} ({','.join(finding.paste.header)}):",
            *(f"       {line}" for line in finding.paste.lines()),
        ]
    return lines
