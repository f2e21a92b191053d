#!/usr/bin/env python3
"""List the known vulnerabilities of what the locks install.

Asks PyPI's advisories through pip-audit. Where they cannot be reached, --advisories takes the export of osv.dev for PyPI,
fetched elsewhere. An advisory that [tool.audit.accepted] in pyproject.toml names is told and stops nothing until its day.

Exit codes: 0 nothing known; 1 vulnerable, a line each on stdout; 2 wrong options; 3 something could not be looked up, which
is no good news.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from operations.advisories import AuditError, Finding, accepted, exported, locked, looked_up

ROOT = Path(__file__).resolve().parents[1]


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog=__doc__.split("\n\n", 2)[2])
    parser.add_argument("locks", nargs="*", type=Path, help="lock files (default: all of this checkout)")
    parser.add_argument("--advisories", type=Path, metavar="FILE", help="export of osv.dev for PyPI: a zip or a folder")
    parser.add_argument("--project", type=Path, default=ROOT / "pyproject.toml", help="where accepted advisories stand")
    options = parser.parse_args(arguments)
    try:
        versions = locked(options.locks or sorted(ROOT.glob("requirements*.lock")))
        today = datetime.now(UTC).date()
        standing = accepted(options.project, today)
        findings = exported(versions, options.advisories) if options.advisories else looked_up(versions)
    except AuditError as error:
        print(error, file=sys.stderr)
        return 3
    open_ones = [finding for finding in findings if not finding.names & standing.keys()]
    for finding in findings:
        reasons = [standing[name] for name in sorted(finding.names & standing.keys())]
        print(_line(finding) + (f" Accepted: {reasons[0]}." if reasons else ""))
    print(
        f"{len(versions)} locked versions, {len(open_ones)} known vulnerabilities, {len(findings) - len(open_ones)} accepted"
    )
    return 1 if open_ones else 0


def _line(finding: Finding) -> str:
    cure = f"fixed in {finding.fixed_in}" if finding.fixed_in else "no fixed version is known"
    return f"{finding.package} {finding.version} ({', '.join(finding.locks)}): {finding.advisory}, {cure}. {finding.summary}".rstrip()


if __name__ == "__main__":
    sys.exit(main())
