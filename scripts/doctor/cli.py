"""Options and output of the doctor."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import yaml
from operations.place import PROJECT, Place, Stop

from . import examination, page


def main(arguments: list[str] | None = None, project: Path = PROJECT, description: str | None = None) -> int:
    """Command line; `project` lets a test use a copy of the project."""
    parser = argparse.ArgumentParser(
        prog="doctor.py", description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--data-dir", help="folder of the landing (default $DATA_DIR, else data)")
    add("--project-dir", type=Path, help="the project whose configuration is read (default: this one)")
    add(
        "--vars",
        type=_mapping,
        default={},
        metavar="YAML",
        help="variables over those of dbt_project.yml, as dbt takes them",
    )
    add("--json", action="store_true", help="for machines: one JSON document")
    options = parser.parse_args(arguments)
    project = (options.project_dir or project).resolve()
    if not (project / "dbt_project.yml").is_file():
        parser.error(f"{project} holds no dbt_project.yml")
    place = Place.find(options.data_dir, project)
    try:
        with place.entered():
            result = examination.examine(place, options.vars)
    except Stop as stop:
        print(*stop.sentences, sep="\n", file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(page.document(result), indent=2))
    else:
        print(page.text(result))
    return 1 if result.worst else 0


def _mapping(text: str) -> dict[str, Any]:
    try:
        given = yaml.safe_load(text)
    except yaml.YAMLError:
        given = None
    if not isinstance(given, dict):
        raise argparse.ArgumentTypeError(f"{text!r} is no YAML mapping: expected for example '{{sources: {{...}}}}'")
    return given
