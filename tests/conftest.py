"""Fixtures that several test files share."""

from __future__ import annotations

import pytest
from support.project import Project


@pytest.fixture(scope="session")
def project(tmp_path_factory) -> Project:
    """A copy of the project whose seeds a test may replace; its manifest is parsed once a session."""
    return Project(tmp_path_factory.mktemp("project") / "checkout")
