"""The project's macros as dbt calls them, and models rendered with them, without a project to parse."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
from dbt.clients.jinja import MacroGenerator
from dbt_common.exceptions import CompilationError, MacroReturn

ROOT = Path(__file__).resolve().parents[2]
MACRO = re.compile(r"{%-? macro (?P<name>\w+)\(.*?{%-? endmacro -?%}", re.DOTALL)
SETTINGS = (
    *sorted((ROOT / "macros/project/settings").glob("*.sql")),
    ROOT / "macros/estimators/tenure_band.sql",
    ROOT / "macros/delivery/business_hours.sql",
    ROOT / "macros/delivery/weekdays.sql",
)
TIME = (*SETTINGS, ROOT / "macros/portable/time.sql")


def context_of(files: tuple[Path, ...], **variables: Any) -> dict[str, Any]:
    """What a model sees of these files in an installation with these vars, as DuckDB has it."""
    context: dict[str, Any] = {
        "var": lambda name, default=None: variables.get(name, default),
        "return": _return,
        "ref": lambda name: name,
        "exceptions": SimpleNamespace(raise_compiler_error=_raise),
        "modules": SimpleNamespace(re=re),
        "adapter": SimpleNamespace(dispatch=lambda name, package: context[f"default__{name}"]),
    }
    for file in files:
        for found in MACRO.finditer(file.read_text(encoding="utf-8")):
            name = found["name"]
            macro = SimpleNamespace(name=name, macro_sql=found.group(), unique_id=name, original_file_path=str(file))
            context[name] = MacroGenerator(macro, context)
    return context


def model_sql(name: str, files: tuple[Path, ...], of: dict[str, Any] | None = None, **variables: Any) -> str:
    """The query of a model, over relations by the names of what it reads; `of` takes the place of macros."""
    (path,) = (ROOT / "models").glob(f"**/{name}.sql")
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    context = context_of(files, **variables)
    context.update(of or {})
    return environment.from_string(path.read_text(encoding="utf-8")).render(context)


def _return(value: Any) -> None:
    raise MacroReturn(value)


def _raise(message: str) -> None:
    raise CompilationError(message)
