"""Where the models and sources of a project stand, as dbt's manifest says: no script names a schema.

A target puts its schemas where it likes; the manifest of a project's last build, or of a parse, knows where that is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from .place import Place, Stop

PACKAGE_NAME = "expansion_triggers"


@dataclass(frozen=True)
class Relation:
    """A table or view of the warehouse; as text it can stand in a query of a connection to that one warehouse."""

    schema: str
    identifier: str
    # The folders of a model below models/, outermost first.
    folders: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f'"{self.schema}"."{self.identifier}"'


@dataclass(frozen=True)
class Relations:
    """The relations of the product's models, seeds and sources, by name."""

    models: dict[str, Relation]
    sources: dict[tuple[str, str], Relation]
    # Of each source, the types of its contract's columns by name.
    columns: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, place: Place) -> Relations:
        """From the manifest that is parsed already, else that of the target's last build, else by parsing the project."""
        if place.manifest is not None:
            return cls._read(place.manifest.nodes.values(), place.manifest.sources.values(), getattr)
        if place.manifest_file.exists():
            target, found = _stored(place.manifest_file.resolve(), place.manifest_file.stat().st_mtime_ns)
            if target == place.target and found.models:
                return found
        return cls.parsed(place)

    @classmethod
    def parsed(cls, place: Place) -> Relations:
        """By parsing the project, which takes seconds; what comes of it is stored, so that the next command need not."""
        from . import dbt_run

        with place.entered():
            manifest = dbt_run.invoke(place, ["parse"])
        return cls._read(manifest.nodes.values(), manifest.sources.values(), getattr)

    @classmethod
    def _read(cls, nodes: Iterable[Any], sources: Iterable[Any], get: Callable[[Any, str], Any]) -> Relations:
        models = {
            # A seed that the project ships in the place of the product's has the same name.
            _name(node, get): Relation(get(node, "schema"), get(node, "alias"), tuple(get(node, "fqn")[1:-1]))
            for node in nodes
            if get(node, "resource_type") == "seed"
            or (get(node, "resource_type") == "model" and get(node, "package_name") == PACKAGE_NAME)
        }
        own = {
            (get(source, "source_name"), get(source, "name")): source
            for source in sources
            if get(source, "package_name") == PACKAGE_NAME
        }
        return cls(
            models,
            {name: Relation(get(source, "schema"), get(source, "identifier")) for name, source in own.items()},
            {
                name: {column: str(get(told, "data_type")) for column, told in get(source, "columns").items()}
                for name, source in own.items()
            },
        )

    def ref(self, name: str) -> Relation:
        """The relation of a model or seed."""
        if name not in self.models:
            raise Stop(f"The project has no model {name}: expected one of those that dbt parsed last (dbt parse).")
        return self.models[name]

    def source(self, vendor: str, table: str) -> Relation:
        """The relation of a source table."""
        if (vendor, table) not in self.sources:
            raise Stop(f"The project has no source {vendor}.{table}: expected one of those that dbt parsed last.")
        return self.sources[vendor, table]

    def published(self) -> dict[str, Relation]:
        """The marts that readers get: all but those that are sent."""
        return {
            name: relation
            for name, relation in self.models.items()
            if relation.folders[:1] == ("marts",) and "sync" not in relation.folders
        }

    def rendered(self, query: str, named: Callable[[Relation], str] = str) -> str:
        """A query in which relations stand as in a model: ref('name') and source('vendor', 'table')."""
        import jinja2

        return (
            jinja2.Environment(undefined=jinja2.StrictUndefined)
            .from_string(query)
            .render(ref=lambda name: named(self.ref(name)), source=lambda *names: named(self.source(*names)))
        )


def _name(node: Any, get: Callable[[Any, str], Any]) -> str:
    """The name that a reader knows; the versions of a model have one name, and each an alias."""
    is_version = get(node, "resource_type") == "model" and get(node, "version")
    return get(node, "alias" if is_version else "name")


@lru_cache(maxsize=4)
def _stored(file: Path, changed_at: int) -> tuple[str | None, Relations]:
    """The target of a manifest on disk and its relations, read once as long as the file does not change."""
    stored = json.loads(file.read_text())
    nodes = stored["nodes"].values()
    return _target(nodes), Relations._read(nodes, stored["sources"].values(), dict.get)


def _target(nodes: Iterable[dict[str, Any]]) -> str | None:
    """The target that a stored manifest was parsed for; dbt_project.yml writes it into the marts."""
    for node in nodes:
        target = ((node.get("config") or {}).get("meta") or {}).get("target")
        if node.get("package_name") == PACKAGE_NAME and target:
            return target
    return None
