"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ASIDE = ".tmp"


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """A path to write to; renamed to the given one, durably, when the block ends well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two processes may write one file: the later one's is the one that stays.
    aside = path.with_name(f".{path.name}.{os.getpid()}{ASIDE}")
    try:
        yield aside
        _sync(aside)
        os.replace(aside, path)
        _sync(path.parent)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


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
