"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import Refused

ASIDE = ".tmp"


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """A path to write to; renamed to the given one, durably, when the block ends well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}{ASIDE}")
    try:
        yield aside
        _sync(aside)
        os.replace(aside, path)
        _sync(path.parent)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def check_writable(folder: Path) -> None:
    """Refuses a folder that cannot be written, or cannot be made."""
    standing = next((place for place in (folder, *folder.absolute().parents) if place.exists()), folder)
    if not standing.is_dir() or not os.access(standing, os.W_OK | os.X_OK):
        raise Refused(unwritable(folder))


def unwritable(folder: Path) -> str:
    return f"The folder {folder} cannot be written: a push leaves its ledger, outbox and log there; nothing was sent."


def clear_aside(folder: Path) -> None:
    """Removes what a killed run left half written."""
    for leftover in folder.glob(f".*{ASIDE}"):
        leftover.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
