"""Folders that a push must be able to write."""

from __future__ import annotations

import os
from pathlib import Path

from .errors import Refused


def check_writable(folder: Path) -> None:
    """Refuses a folder that cannot be written, or cannot be made."""
    standing = next((place for place in (folder, *folder.absolute().parents) if place.exists()), folder)
    if not standing.is_dir() or not os.access(standing, os.W_OK | os.X_OK):
        raise Refused(unwritable(folder))


def unwritable(folder: Path) -> str:
    return f"The folder {folder} cannot be written: a push leaves its ledger, outbox and log there; nothing was sent."
