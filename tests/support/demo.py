"""The demo's world, built as `make demo` builds it on the frozen configuration, once for all tests that read it."""

from __future__ import annotations

from pathlib import Path

import demo
from operations.place import Place

from support.built_world import project
from support.shared import once


def built_demo() -> Path:
    """The data directory: landing, planted truth, warehouse and published marts. Never written to."""

    def make(data_dir: Path) -> None:
        demo.draw(data_dir)
        demo.build(Place.find(data_dir, project().folder, project().manifest))

    return once("demo", make)
