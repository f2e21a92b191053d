"""Options and output of the doctor."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

import yaml
from operations.place import Place, Stop, add_options

from . import examination, page


def main(arguments: list[str] | None = None, project: Any = None, description: str | None = None) -> int:
    """Command line; `project` lets a test use a copy of the project."""
    parser = argparse.ArgumentParser(
        prog="doctor.py", description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_options(parser)
    add = parser.add_argument
    add(
        "--vars",
        type=_mapping,
        default={},
        metavar="YAML",
        help="variables over those of dbt_project.yml, as dbt takes them",
    )
    add("--json", action="store_true", help="for machines: one JSON document")
    options = parser.parse_args(arguments)
    try:
        place = Place.of(options, project)
    except Stop as stop:
        parser.error(str(stop))
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
