"""The tracking plan: events and pages that it does not name, by volume, and names in it that never come."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from .finding import ADDRESS, Finding, Rows, Severity, counted, listed, nearest, percent, shown
from .landing import Landing

CONCERN = "tracking plan"
HEADER = ("source_table", "match_type", "pattern", "action", "is_value_event", "comment")
# Actions that signals are made of, with what a name or path has in it that means them.
MEANT = {
    "integration_page_viewed": r"integration|connect(or|ion)s|marketplace|apps?$",
    "pricing_page_viewed": r"pricing|plans?$|billing/plan",
    "invite_blocked": r"(invit\w*|seat|member)\w*[ _-]+(\w+[ _-]+)*(block|fail|limit|refus|reject|denied|exceed)\w*|(seat|user)[ _-]?limit",
    "upgrade_clicked": r"upgrade\w*[ _-]+(\w+[ _-]+)*(click|press|tap|open|view|start)\w*|(click|press|tap)\w*[ _-]+(\w+[ _-]+)*upgrade",
    "feature_used": r"^(feature|module)[ _-]+(\w+[ _-]+)?(us|open)\w*$",
    "api_usage": r"^(api|usage)[ _-]+(usage|call|request|record)\w*$",
}
PAGE_ACTIONS = ("integration_page_viewed", "pricing_page_viewed")
PASTED = 25
ID_PART = re.compile(r"^(\d+|[0-9a-f]{8,}|[0-9a-f-]{32,}|.*\d{4,}.*)$", re.IGNORECASE)


def check(landing: Landing) -> list[Finding]:
    return [*_unnamed(landing), *_never_seen(landing)]


def counted_actions(landing: Landing) -> dict[str, int]:
    """Landed events by the action that the plan gives them."""
    totals: dict[str, int] = defaultdict(int)
    for source, name, events in landing.ask("select source_table, event_name, events from event_names"):
        row = plan_row(landing, source, name)
        if row:
            totals[row["action"]] += events
    return totals


def plan_row(landing: Landing, source: str, name: str) -> dict[str, str] | None:
    """The row that names an event: an equal one, else the longest prefix of a path."""
    rows = [row for row in landing.settings.seed("tracking_plan").rows if row.get("source_table") == source]
    fitting = [
        row
        for row in rows
        if (row["match_type"] == "event" and row["pattern"] == name)
        or (row["match_type"] == "path_prefix" and name.startswith(row["pattern"]))
    ]
    return max(fitting, key=lambda row: len(row["pattern"]), default=None)


def likely(landing: Landing, action: str) -> str | None:
    """The most frequent event or page without a row that reads as if it were an action."""
    known = set(landing.settings.seed("tracking_plan").values("action"))
    for source, name, _ in landing.ask(
        "select source_table, event_name, events from event_names order by events desc, 2"
    ):
        if not plan_row(landing, source, name):
            pattern = _pattern(source, name)[2]
            if not ADDRESS.search(pattern) and _action(source, pattern, known) == action:
                return pattern
    return None


def not_seen(landing: Landing, action: str) -> str:
    """That no event counts as an action, and which one may be meant."""
    near = likely(landing, action)
    meant = f" (is it {shown(near)}? See its row below)" if near else ""
    return f"no landed event counts as {action} in tracking_plan.csv{meant}"


def _unnamed(landing: Landing) -> Iterator[Finding]:
    seed = landing.settings.seed("tracking_plan")
    known = set(seed.values("action"))
    groups: dict[tuple[str, str, str], int] = defaultdict(int)
    total = 0
    for source, name, events in landing.ask("select source_table, event_name, events from event_names"):
        total += events
        if not plan_row(landing, source, name):
            groups[_pattern(source, name)] += events
    if not groups:
        return
    unnamed = sum(groups.values())
    ordered = sorted(groups.items(), key=lambda item: (-item[1], item[0]))
    pasteable = [(key, events) for key, events in ordered if not ADDRESS.search(key[2])]
    rows = tuple(
        (source, match, pattern, _action(source, pattern, known), "false", f"{events:,} events")
        for (source, match, pattern), events in pasteable[:PASTED]
    )
    rest = len(ordered) - len(rows)
    yield Finding(
        Severity.KNOW, CONCERN,
        f"{counted(len(groups), 'event or page', 'events and pages')} without a row ({percent(unnamed, total)} of the events): they count as use, but as no action. The most frequent: "
        f"{listed(f'{key[2]} {events:,}' for key, events in ordered[:4])}."
        + (f" {rest} more are rarer or hold addresses." if rest else ""),
        Rows(seed.file, seed.columns or HEADER, rows), rank=6,
    )  # fmt: skip


def _pattern(source: str, name: str) -> tuple[str, str, str]:
    """How a row of the plan would name it: paths by their first part, or two where those mean an action."""
    if source != "pages":
        return source, "event", name
    parts = [part for part in name.split("/") if part]
    kept = []
    for part in parts[:2]:
        if ID_PART.match(part) or ADDRESS.search(part):
            break
        kept.append(part)
    meant = [n for n in range(1, len(kept) + 1) if _meaning("/".join(kept[:n]), PAGE_ACTIONS)]
    return source, "path_prefix", "/" + "/".join(kept[: meant[0] if meant else 1])


def _meaning(text: str, among: tuple[str, ...]) -> str | None:
    return next((action for action in among if re.search(MEANT[action], text.lower())), None)


def _action(source: str, pattern: str, known: set[str]) -> str:
    """An action that a signal or trigger knows where the name means one; else the name in snake case."""
    is_page = source == "pages"
    meant = _meaning(pattern, PAGE_ACTIONS if is_page else tuple(set(MEANT) - set(PAGE_ACTIONS)))
    snake = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", pattern).lower()).strip("_") or "home"
    if meant:
        return meant
    if is_page:
        return f"{snake}_viewed"
    return nearest(snake, known, 0.9) or snake


def _never_seen(landing: Landing) -> Iterator[Finding]:
    """A row of the plan for a name that has not landed: told where another name is like it."""
    landed = defaultdict(set)
    for source, name, _ in landing.ask("select source_table, event_name, events from event_names"):
        landed[source].add(name)
    seed = landing.settings.seed("tracking_plan")
    told = []
    for row in seed.rows:
        source, pattern = row.get("source_table", ""), row.get("pattern", "")
        names = landed[source]
        if row.get("match_type") == "event" and pattern not in names:
            near = nearest(pattern, {name for name in names if not plan_row(landing, source, name)}, 0.75)
            told.append(f"{pattern} (is it {shown(near)}?)" if near else pattern)
        elif row.get("match_type") == "path_prefix" and not any(name.startswith(pattern) for name in names):
            told.append(pattern)
    if told:
        yield Finding(
            Severity.KNOW,
            CONCERN,
            f"{seed.file} names what no event is called: {listed(sorted(told, key=lambda text: '?' not in text), 8)}.",
            rank=3,
        )
