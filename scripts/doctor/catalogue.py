"""Features in use and the seed that names them; what is metered."""

from __future__ import annotations

from collections.abc import Iterator

from .finding import ADDRESS, Finding, Rows, Severity, counted, listed, nearest, percent, shown
from .landing import Landing

CONCERN = "features"
HEADER = ("feature", "is_advanced", "comment")
PASTED = 30


def check(landing: Landing) -> list[Finding]:
    return list(_features(landing))


def _features(landing: Landing) -> Iterator[Finding]:
    rows = landing.ask(
        "select feature, count(*) from segment__feature_used where feature is not null group by 1 order by 2 desc, 1"
    )
    if not rows:
        return
    seed = landing.settings.seed("features")
    named = set(seed.values("feature"))
    lacking = [(feature, uses) for feature, uses in rows if feature not in named]
    if not lacking:
        return
    uses, total = sum(row[1] for row in lacking), sum(row[1] for row in rows)
    landed = {row[0] for row in rows}
    near = [(feature, other) for feature, _ in lacking if (other := nearest(feature, named - landed, 0.8))]
    every = len(lacking) == len(rows)
    yield Finding(
        Severity.SILENCES if every else Severity.KNOW, CONCERN,
        f"{counted(len(lacking), 'feature')} in use {'are' if len(lacking) > 1 else 'is'} not named ({percent(uses, total)} of the uses): only named features can count as"
        " advanced. Set is_advanced to true for those that show an account is growing into the product."
        + (f" {shown(near[0][0])} looks like {near[0][1]}." if near else f" The most used: {listed((row[0] for row in lacking), 3)}."),
        Rows(seed.file, seed.columns or HEADER, tuple((feature, "false", f"{count:,} uses") for feature, count in lacking[:PASTED] if not ADDRESS.search(feature))),
        rank=5,
    )  # fmt: skip
