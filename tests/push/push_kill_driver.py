"""Runs pushes in forked processes that die by SIGKILL at a chosen point. Orders come as JSON lines on stdin.

A point lies before and after every commit of the ledger and every rename of a file. The program itself knows nothing of
this: the driver replaces the ledger's commit and the rename in the child.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import httpx
import push_paths  # noqa: F401
from push import cli
from push.destinations import CLASSES, destination_class
from push.ledger import Ledger


class Points:
    """Counts the points passed and dies at the chosen one."""

    def __init__(self, kill_at: int) -> None:
        self.kill_at = kill_at
        self.passed = 0

    def reach(self) -> None:
        self.passed += 1
        if self.passed == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, function: Any) -> Any:
        def wrapped(*arguments: Any, **options: Any) -> Any:
            self.reach()
            result = function(*arguments, **options)
            self.reach()
            return result

        return wrapped


def child(order: dict[str, Any]) -> None:
    points = Points(order["kill_at"])
    Ledger._commit = points.around(Ledger._commit)
    os.replace = points.around(os.replace)
    os.environ.update(order["environment"])
    output = os.open(order["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    code = cli.main(order["arguments"])
    sys.stdout.flush()
    Path(order["output"]).with_suffix(".points").write_text(str(points.passed))
    os._exit(code)


def main() -> None:
    for name in CLASSES:
        destination_class(name)
    # What httpx imports late is imported once here, not in every child.
    httpx.Client().close()
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            child(json.loads(line))
        _, status = os.waitpid(pid, 0)
        print(json.dumps({"code": os.waitstatus_to_exitcode(status)}), flush=True)


if __name__ == "__main__":
    main()
