"""Takes a handling out of the models: a text of one model or macro is replaced in the manifest, no file is touched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

PACKAGE = "expansion_triggers"


@dataclass(frozen=True)
class Edit:
    """One replacement in the code of the model or macro of this name."""

    name: str
    text: str
    replacement: str


@contextmanager
def mutated(manifest, edits: tuple[Edit, ...]) -> Iterator[list[str]]:
    """The manifest with the edits in place; gives the names of the models whose code they change.

    Empty where what changes runs before the models. Every text must occur, or the edit removes nothing.
    """
    originals = []
    try:
        changed: set[str] = set()
        for edit in edits:
            part, attribute, unique_id = _found(manifest, edit.name)
            code = getattr(part, attribute)
            assert edit.text in code, f"{edit.name} does not hold {edit.text!r}"
            originals.append((part, attribute, code))
            setattr(part, attribute, code.replace(edit.text, edit.replacement))
            changed |= {part.name} if attribute == "raw_code" else _users(manifest, unique_id)
        yield sorted(changed)
    finally:
        for part, attribute, code in reversed(originals):
            setattr(part, attribute, code)


@contextmanager
def without_hooks(manifest) -> Iterator[None]:
    """The manifest without what runs at the start of every build: views that stand already are left alone."""
    nodes = manifest.nodes
    manifest.nodes = {key: node for key, node in nodes.items() if not key.startswith("operation.")}
    try:
        yield
    finally:
        manifest.nodes = nodes


def relations_above(manifest, name: str) -> set[tuple[str, str]]:
    """Schema and name of a model and of everything that it reads."""
    found: set[tuple[str, str]] = set()
    waiting = [f"model.{PACKAGE}.{name}"]
    while waiting:
        node = manifest.nodes.get(waiting.pop())
        if node is not None and (node.schema, node.name) not in found:
            found.add((node.schema, node.name))
            waiting += getattr(node.depends_on, "nodes", [])
    return found


def _found(manifest, name: str):
    model = f"model.{PACKAGE}.{name}"
    if model in manifest.nodes:
        return manifest.nodes[model], "raw_code", model
    macro = f"macro.{PACKAGE}.{name}"
    assert macro in manifest.macros, f"there is no model or macro {name}"
    return manifest.macros[macro], "macro_sql", macro


def _users(manifest, macro_id: str) -> set[str]:
    """Models whose code calls the macro, be it through other macros."""
    macros = {macro_id}
    while True:
        callers = {
            key
            for key, macro in manifest.macros.items()
            if macro.package_name == PACKAGE and key not in macros and macros & set(macro.depends_on.macros)
        }
        if not callers:
            break
        macros |= callers
    return {
        node.name
        for key, node in manifest.nodes.items()
        if key.startswith("model.") and macros & set(node.depends_on.macros)
    }
