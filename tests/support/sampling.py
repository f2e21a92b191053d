"""The quick suite: long lists of cases are sampled, by a seed, and the summary says what it left out.

`pytest.mark.sampled(n)` on a parametrised test keeps n of its cases, `sampled(0)` leaves any test to the whole suite; the
fixture `sample` draws from a list within a test. Tests of one file with the same cases draw the same ones, so that a world
is built once for all of them.
`--all`, or ALL=1 in the environment, runs everything, and so does naming a test (`file.py::test`) or `-k`.
"""

from __future__ import annotations

import os
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

import pytest

LEFT_OUT = "left_out"
#: Random sequences of builds and pushes a destination, where nothing else is said.
SEQUENCES = {"variable": "EXPANSION_PUSH_EXAMPLES", "quick": 3, "all": 8}


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("sample", "the quick suite")
    group.addoption(
        "--all",
        action="store_true",
        default=os.environ.get("ALL", "") not in ("", "0"),
        help="every case of every test",
    )
    group.addoption(
        "--sample-seed", type=int, default=0, metavar="N", help="which cases the quick suite draws (default 0)"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "sampled(n): the quick suite runs n of the cases or, of 0, none; --all runs every one"
    )
    config.stash[LEFT] = Counter()
    if not everything(config):
        os.environ.setdefault(SEQUENCES["variable"], str(SEQUENCES["quick"]))


LEFT = pytest.StashKey[Counter]()


def everything(config: pytest.Config) -> bool:
    named = any("::" in argument for argument in config.args)
    return config.getoption("--all") or named or bool(config.getoption("keyword"))


def draw(seed: int, name: str, values: Sequence, count: int) -> list:
    """`count` of the values in their own order, always the same ones for a seed and a name."""
    if count >= len(values):
        return list(values)
    positions = random.Random(f"{seed} {name}").sample(range(len(values)), count)
    return [values[position] for position in sorted(positions)]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if everything(config):
        return
    cases: dict[tuple[str, str], list[pytest.Item]] = defaultdict(list)
    for item in items:
        marker = item.get_closest_marker("sampled")
        if marker and (hasattr(item, "callspec") or marker.args == (0,)):
            cases[item.path.name, item.originalname].append(item)
    dropped: set[pytest.Item] = set()
    for (file, test), own in cases.items():
        count = own[0].get_closest_marker("sampled").args[0]
        ids = ",".join(item.callspec.id if hasattr(item, "callspec") else "" for item in own)
        kept = draw(config.getoption("--sample-seed"), f"{file} {ids}", own, count)
        dropped |= set(own) - set(kept)
        config.stash[LEFT][f"{test} in {file}"] += len(own) - len(kept)
    if dropped:
        config.hook.pytest_deselected(items=list(dropped))
        items[:] = [item for item in items if item not in dropped]


@pytest.fixture
def sample(request: pytest.FixtureRequest) -> Callable[[Sequence, int, str], list]:
    """`sample(values, n, what)`: n of the values, or all of them; `what` names them in the summary."""

    def sampled(values: Sequence, count: int, what: str) -> list:
        if everything(request.config):
            return list(values)
        kept = draw(request.config.getoption("--sample-seed"), request.node.nodeid.split("@")[0], values, count)
        if len(kept) < len(values):
            request.node.user_properties.append((LEFT_OUT, (what, len(values) - len(kept))))
        return kept

    return sampled


# ---------------------------------------------------------------- what was left out


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[LEFT_OUT] = dict(session.config.stash[LEFT])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error) -> None:
    """Each worker has collected, and left out, the same."""
    told = getattr(node, "workeroutput", {}).get(LEFT_OUT)
    if told:
        node.config.stash[LEFT] = Counter(told)


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    if everything(config):
        return
    left = Counter(config.stash[LEFT])
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    for report in reports:
        if getattr(report, "when", None) == "call":
            for name, value in report.user_properties:
                if name == LEFT_OUT:
                    left[value[0]] += value[1]
    fewer = SEQUENCES["all"] - int(os.environ[SEQUENCES["variable"]])
    if fewer > 0 and any("test_push_sequences" in getattr(report, "nodeid", "") for report in reports):
        left["random sequences a destination in test_push_sequences.py"] += fewer
    left = +left
    if left:
        seed = config.getoption("--sample-seed")
        terminalreporter.section(f"a sample (--sample-seed {seed}): make test ALL=1 runs {left.total()} cases more")
        for what, count in sorted(left.items()):
            terminalreporter.write_line(f"{count:5} {what}")
