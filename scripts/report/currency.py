"""The symbol of the reporting currency, as the project's variables name it."""

from __future__ import annotations

from pathlib import Path

import yaml

PACKAGE = Path(__file__).resolve().parents[2]


def symbol(project: Path | None = None) -> str:
    """`vars: currency: symbol` of the project here, else of the package; of a project that sets none, the package's."""
    for folder in (project or Path.cwd(), PACKAGE):
        file = folder / "dbt_project.yml"
        variables = (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("vars") or {} if file.exists() else {}
        for scope in (variables.get("expansion_triggers") or {}, variables):
            found = (scope.get("currency") or {}).get("symbol")
            if found:
                return str(found)
    return ""
