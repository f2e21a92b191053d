"""Where accounts are: time zones and countries that nothing knows."""

from __future__ import annotations

from collections.abc import Iterator

from .finding import Finding, Severity, counted, listed, nearest, percent
from .landing import Landing

CONCERN = "places"


def check(landing: Landing) -> list[Finding]:
    return [*_time_zones(landing), *_countries(landing)]


def _time_zones(landing: Landing) -> Iterator[Finding]:
    # HubSpot writes europe_slash_berlin.
    rows = landing.ask(
        """
        select time_zone, count(*) from accounts
        where time_zone is not null
            and lower(replace(time_zone, '_slash_', '/')) not in (select lower(name) from pg_timezone_names())
        group by 1 order by 2 desc, 1
        """
    )
    ((accounts, unknown),) = landing.ask("select count(*), count(*) filter (where time_zone is null) from accounts")
    if rows:
        zones = {zone for (zone,) in landing.ask("select name from pg_timezone_names()")}
        told = [f"{zone} (is it {near}?)" if (near := nearest(zone, zones, 0.7)) else zone for zone, _ in rows]
        yield Finding(
            Severity.KNOW, CONCERN,
            f"{counted(len(rows), 'unknown time zone')} of {counted(sum(row[1] for row in rows), 'account')}: {listed(told, 5)}. An account's business day is then reckoned in UTC; a zone is named as in Europe/Berlin (crm_fields: time_zone).",
            rank=3,
        )  # fmt: skip
    if unknown > accounts / 2:
        yield Finding(
            Severity.KNOW,
            CONCERN,
            f"{percent(unknown, accounts)} of {counted(accounts, 'account')} have no time zone: their business day is reckoned in UTC (crm_fields: time_zone).",
            rank=2,
        )


def _countries(landing: Landing) -> Iterator[Finding]:
    seed = landing.settings.seed("business_holidays")
    known = set(seed.values("country_code"))
    # By its code or by its name, as stg_crm__accounts knows it.
    names = landing.settings.seed("country_names").rows
    codes = {row["country_name"].upper(): row["country_code"] for row in names}
    rows = landing.ask(
        "select trim(country_code), count(*) from accounts where trim(country_code) <> '' group by 1 order by 2 desc, 1"
    )
    lacking = [(code, count) for code, count in rows if codes.get(code, code) not in known]
    if not lacking:
        return
    unknown = [code for code, _ in lacking if len(codes.get(code, code)) != 2]
    yield Finding(
        Severity.KNOW, CONCERN,
        f"{counted(len(lacking), 'country', 'countries')} of {counted(sum(row[1] for row in lacking), 'account')} without holidays in {seed.file}: {listed((row[0] for row in lacking), 8)}. Messages may fall on a holiday there."
        + (f" {unknown[0]} is neither an ISO code of two letters nor a name of country_names.csv." if unknown else ""), rank=1,
    )  # fmt: skip
