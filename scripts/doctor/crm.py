"""The CRM's picklists: types and stages of opportunities, results of calls, and what the stage needs of an account."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .finding import ADDRESS, Finding, Rows, Severity, counted, listed, percent
from .landing import Landing
from .tables import nearest_field

CONCERN = "CRM"
TYPE_HEADER = ("type", "is_expansion", "comment")
DISPOSITION_HEADER = ("call_disposition", "comment")
SEGMENT_HEADER = ("segment", "min_employees", "max_employees", "comment")
EXPANDS = re.compile(r"up[ _-]?sell|cross[ _-]?sell|expan|exist|add[ _-]?on|upgrade|growth")
NO = re.compile(r"declin|not[ _-]?interest|no[ _-]?(budget|interest|thanks)|reject|refus|do[ _-]?not|lost")


def check(landing: Landing) -> list[Finding]:
    return [
        *_types(landing), *_stages(landing), *_dispositions(landing), *_onboarding(landing), *_employees(landing), *_segments(landing)
    ]  # fmt: skip


def _types(landing: Landing) -> Iterator[Finding]:
    seed = landing.settings.seed("opportunity_types")
    named = {kind.lower() for kind in seed.values("type")}
    rows = landing.ask("select deal_type, count(*) from deals group by 1 order by 2 desc, 1")
    deals = sum(row[1] for row in rows)
    untyped = sum(count for kind, count in rows if kind is None)
    lacking = [(kind, count) for kind, count in rows if kind is not None and kind.lower() not in named]
    if lacking:
        count = sum(row[1] for row in lacking)
        yield Finding(
            Severity.KNOW, CONCERN,
            f"{counted(len(lacking), 'opportunity type')} without a row ({listed((row[0] for row in lacking), 4)}; {percent(count, deals)} of {counted(deals, 'opportunity', 'opportunities')}): an open one"
            " holds no trigger back, and a won one is no expansion.",
            Rows(seed.file, seed.columns or TYPE_HEADER, tuple(
                (kind, "true" if EXPANDS.search(kind.lower()) else "false", f"{n:,} opportunities") for kind, n in lacking if not ADDRESS.search(kind)
            )), rank=5,
        )  # fmt: skip
    if untyped > deals / 2:
        yield Finding(
            Severity.KNOW,
            CONCERN,
            f"{percent(untyped, deals)} of {counted(deals, 'opportunity', 'opportunities')} have no type: none of them counts as an expansion.",
            rank=4,
        )


def _stages(landing: Landing) -> Iterator[Finding]:
    rows = landing.ask(
        "select stage, count(*) from deals where stage is not null and not is_stage_known group by 1 order by 2 desc, 1"
    )
    if rows:
        count = sum(row[1] for row in rows)
        yield Finding(
            Severity.KNOW, CONCERN,
            f"{counted(len(rows), 'deal stage')} ({listed(row[0] for row in rows)}) of {counted(count, 'deal')} {'is' if len(rows) == 1 else 'are'} not in hubspot.deal_pipeline_stage: whether those deals are closed or won"
            " is unknown. Land all pipelines, archived stages too.", rank=5,
        )  # fmt: skip


def _dispositions(landing: Landing) -> Iterator[Finding]:
    rows = landing.ask("select disposition, count(*) from calls group by 1 order by 2 desc, 1")
    if not rows:
        return
    seed = landing.settings.seed("decline_dispositions")
    named = {value.lower() for value in seed.values("call_disposition")}
    lacking = [(value, count) for value, count in rows if value.lower() not in named and not ADDRESS.search(value)]
    like = [(value, count) for value, count in lacking if NO.search(value.lower())]
    none = not named & {row[0].lower() for row in rows}
    if not like and not none:
        return
    yield Finding(
        Severity.KNOW, CONCERN,
        (f"{counted(len(like), 'result')} of calls read{'s' if len(like) == 1 else ''} like a decline and {'is' if len(like) == 1 else 'are'} not named" if like else
         f"None of the {counted(len(rows), 'result')} of calls is named as a decline (there is {listed((row[0] for row in rows), 8)})")
        + f": who declined stays in the stage and is asked again. {seed.file} holds them as the CRM lands them, HubSpot's as an outcome's id.",
        Rows(seed.file, seed.columns or DISPOSITION_HEADER, tuple((value, f"{count:,} calls") for value, count in like)) if like else None, rank=4,
    )  # fmt: skip


def _onboarding(landing: Landing) -> Iterator[Finding]:
    stage = landing.settings.variables.get("stage") or {}
    if str(stage.get("onboarding", "required")) != "required":
        return
    ((accounts, onboarded),) = landing.ask("select count(*), count(onboarded_at) from accounts")
    if not accounts or onboarded >= accounts / 2:
        return
    crm = [
        table
        for table in landing.tables.values()
        if table.is_landed
        and table.name in ("account", "company")
        and table.vendor in landing.settings.vendors.get("crm", [])
    ]
    column = next(
        (column for table in crm for column in table.columns if column.crm_field == "onboarding_completed_date"), None
    )
    near = nearest_field(crm[0], column) if crm and column and not column.found else None
    prefix = "property_" if crm and crm[0].vendor == "hubspot" else ""
    where = f"{crm[0].title}.{column.wanted}" if crm and column else "the date of onboarding"
    settings = (
        f"vars:\n  crm_fields:\n    onboarding_completed_date: {near.removeprefix(prefix)}"
        if near
        else "vars:\n  stage:\n    onboarding: when_known"
    )
    yield Finding(
        Severity.SILENCES, CONCERN,
        f"{counted(onboarded, 'account') if onboarded else 'No account'} of {accounts:,} {'have' if onboarded > 1 else 'has'} a date of onboarding ({where} {'is not there' if column and not column.found else 'is empty'}): the others"
        " never enter the expansion stage, so that no trigger that needs the stage fires."
        + (f" Is it {near}?" if near else " Name the column that holds it (crm_fields), or do not require it."),
        settings=settings, rank=9.5,
    )  # fmt: skip


def _employees(landing: Landing) -> Iterator[Finding]:
    ((accounts, unknown),) = landing.ask("select count(*), count(*) filter (where employees is null) from accounts")
    if unknown > accounts / 10:
        scoped = sorted({
            row["trigger_id"] for name in ("trigger_library",) for row in landing.settings.seed(name).rows if row.get("segments")
        })  # fmt: skip
        yield Finding(
            Severity.KNOW, CONCERN,
            f"{percent(unknown, accounts)} of {counted(accounts, 'account')} have no number of employees, hence no segment"
            + (f": outside of {listed(scoped, 3)}" if scoped else "") + ".", rank=3,
        )  # fmt: skip


def _segments(landing: Landing) -> Iterator[Finding]:
    seed = landing.settings.seed("segments")
    bounds = sorted(
        (
            int(row["min_employees"] or 0),
            int(row["max_employees"]) if row.get("max_employees") else None,
            row["segment"],
        )
        for row in seed.rows
        if (row.get("min_employees") or "0").isdigit() and (row.get("max_employees") or "0").isdigit()
    )
    holes = []
    expected: int | None = 0
    for least, most, segment in bounds:
        if expected is not None and least > expected:
            holes.append((expected, least - 1))
        elif expected is None or least < expected:
            yield Finding(
                Severity.SILENCES,
                CONCERN,
                f"{seed.file}: {segment} begins at {least}, inside another segment: an account would have two.",
                rank=3,
            )
        expected = None if most is None else most + 1
    if bounds and expected is not None:
        holes.append((expected, None))
    for least, most in holes:
        ((accounts,),) = landing.ask(
            "select count(*) from accounts where employees >= ? and (? is null or employees <= ?)", [least, most, most]
        )
        yield Finding(
            Severity.KNOW, CONCERN,
            f"{seed.file} has no segment for {least} {f'to {most}' if most is not None else 'and more'} employees: {counted(accounts, 'account')} {'is' if accounts == 1 else 'are'} in none.",
            Rows(seed.file, seed.columns or SEGMENT_HEADER, (("...", least, "" if most is None else most, ""),)), rank=4,
        )  # fmt: skip
