"""What is built once for all workers of a run: the first that asks builds it, the others wait."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

#: The environment variable that holds the run's folder; workers inherit it.
FOLDER = "EXPANSION_SHARED_WORLDS"


def once(name: str, make: Callable[[Path], None]) -> Path:
    """The folder `name` of this run, made by whoever comes first. A making that failed fails for each who asks."""
    root = Path(os.environ[FOLDER])
    folder, done = root / name, root / f"{name}.done"
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            folder.mkdir()
            make(folder)
            done.touch()
    return folder
