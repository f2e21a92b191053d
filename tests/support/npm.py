"""Programs from npm that tests run."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
from pathlib import Path

import pytest


def unavailable(program: str, reason: str) -> None:
    """Skips, or fails where skipping would hide that nothing was tried."""
    if os.environ.get("EXPANSION_REQUIRE_WIREMOCK") == "1":
        pytest.fail(f"{program} is required and cannot run: {reason}")
    pytest.skip(f"{program} cannot run: {reason}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def installed(program: str, folder: Path, pattern: str) -> Path:
    """The file of the package, installed by the first who asks."""
    # One worker installs and the others wait: `npm ci` takes the files away from a server that starts meanwhile.
    with (folder / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not list(folder.glob(pattern)):
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
            if done.returncode:
                unavailable(program, f"`npm ci` in {folder.name} failed: {done.stderr.strip()[-300:]}")
    return next(folder.glob(pattern))
