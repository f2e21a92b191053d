"""Tags of tickets, of which some mean that a limit was reached."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .finding import ADDRESS, Finding, Rows, Severity, counted, listed
from .landing import Landing

CONCERN = "support"
HEADER = ("tag", "comment")
LIMIT = re.compile(r"limit|quota|seat|licen[cs]e|upgrade|capacity|storage|exceed")
SHOWN = 20


def check(landing: Landing) -> list[Finding]:
    return [*_tags(landing), *_priorities(landing)]


def _tags(landing: Landing) -> Iterator[Finding]:
    rows = landing.ask(
        "select tag, count(*) from zendesk__ticket_tag where tag is not null group by 1 order by 2 desc, 1"
    )
    if not rows:
        return
    seed = landing.settings.seed("limit_tags")
    named = set(seed.values("tag"))
    lacking = [(tag, tickets) for tag, tickets in rows if tag not in named and not ADDRESS.search(tag)]
    like = [(tag, tickets) for tag, tickets in lacking if LIMIT.search(tag.lower())][:SHOWN]
    none = not named & {row[0] for row in rows}
    if not like and not none:
        return
    said = (
        f"{counted(len(like), 'tag')} of tickets look{'' if len(like) > 1 else 's'} like a limit that was reached and {'are' if len(like) > 1 else 'is'} not named"
        if like
        else f"None of the {len(rows)} tags of tickets is named as one of a limit; the most frequent: {listed((row[0] for row in rows), 6)}"
    )
    yield Finding(
        Severity.KNOW, CONCERN, f"{said}: questions about limits are counted by {seed.file}.",
        Rows(seed.file, seed.columns or HEADER, tuple((tag, f"{count:,} tickets") for tag, count in like)) if like else None, rank=3,
    )  # fmt: skip


def _priorities(landing: Landing) -> Iterator[Finding]:
    rows = landing.ask(
        "select lower(priority), count(*) from zendesk__ticket where not coalesce(_fivetran_deleted, false) group by 1 order by 2 desc"
    )
    total, known = sum(row[1] for row in rows), {row[0] for row in rows if row[0]}
    if total and not known & {"urgent", "high"}:
        there = f"there is {listed(sorted(known))}" if known else "it is null everywhere"
        yield Finding(
            Severity.KNOW,
            CONCERN,
            f"No ticket has the priority urgent or high ({there}): an open urgent ticket never holds a trigger back.",
            rank=2,
        )
