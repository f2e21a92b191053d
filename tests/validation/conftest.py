"""Fixtures of the validation's tests."""

from __future__ import annotations

import pytest
from support.simulated import Simulated


@pytest.fixture(scope="session")
def simulated(tmp_path_factory) -> Simulated:
    """Bare worlds in a database of their own; each test that builds replaces the one before."""
    return Simulated(tmp_path_factory.mktemp("simulated"))
