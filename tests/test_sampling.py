"""The quick suite draws the same cases for a seed, leaves none out without a word, and --all runs every one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

SUITE = """
import pytest
pytestmark = pytest.mark.sampled(3)
@pytest.mark.parametrize("case", range(10))
def test_first(case): print("first", case)
@pytest.mark.parametrize("case", range(10))
def test_second(case): print("second", case)
@pytest.mark.sampled(0)
def test_long(): print("long", 1)
def test_kills(sample):
    for point in sample(range(20), 4, "kills"): print("kill", point)
"""


@pytest.fixture
def run(tmp_path):
    (tmp_path / "test_suite.py").write_text(SUITE)

    def call(*options: str, suite: str = "test_suite.py") -> str:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "ALL"))}
        environment["PYTHONPATH"] = str(Path(__file__).resolve().parent)
        command = [sys.executable, "-m", "pytest", "-p", "support.sampling", "-p", "no:cacheprovider", "-rP", *options]
        return subprocess.run([*command, suite], cwd=tmp_path, env=environment, capture_output=True, text=True).stdout

    return call


def drawn(output: str, name: str) -> list[str]:
    return re.findall(rf"^{name} (\d+)$", output, re.MULTILINE)


def test_a_sample_is_drawn_by_its_seed_and_says_what_it_left_out(run):
    output = run()
    assert "7 passed, 15 deselected" in output
    assert "a sample (--sample-seed 0): make test ALL=1 runs 31 cases more" in output
    assert "   16 kills" in output and "    7 test_first in test_suite.py" in output
    # Tests with the same cases share their draw, so that they share what is built for a case.
    assert drawn(output, "first") == drawn(output, "second") and len(drawn(output, "kill")) == 4
    again, other = run(), run("--sample-seed", "1")
    assert drawn(again, "first") == drawn(output, "first") != drawn(other, "first")


def test_workers_draw_the_same_and_tell_it_once(run):
    output = run("-n", "2")
    assert "7 passed" in output and "runs 31 cases more" in output


@pytest.mark.parametrize(
    ("options", "suite", "passed"), [(["--all"], "test_suite.py", 22), ([], "test_suite.py::test_second", 10)]
)
def test_all_and_what_is_named_run_whole(run, options, suite, passed):
    output = run(*options, suite=suite)
    assert f"{passed} passed" in output and "a sample" not in output
