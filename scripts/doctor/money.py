"""Money: currencies that no rate converts, products that no plan names, and tiers that nobody ranks."""

from __future__ import annotations

from collections.abc import Iterator

from .finding import Finding, Rows, Severity, counted, listed, nearest, percent, shown
from .landing import Landing

CONCERN = "money"
RATE_HEADER = ("currency", "valid_from", "rate", "comment")
PLAN_HEADER = (
    "product", "tier", "is_seat_priced", "included_seats", "included_usage_30d", "included_storage_gb", "comment",
)  # fmt: skip
TIER_HEADER = ("tier", "tier_rank", "comment")


def check(landing: Landing) -> list[Finding]:
    return [*_currencies(landing), *_products(landing), *_tiers(landing), *_prices(landing)]


def reporting_currency(landing: Landing) -> str:
    configured = landing.settings.variables.get("currency")
    return str((configured or {}).get("code", "usd") if isinstance(configured, dict) else configured or "usd").lower()


def _currencies(landing: Landing) -> Iterator[Finding]:
    seed = landing.settings.seed("exchange_rates")
    own = reporting_currency(landing)
    known = {value.lower() for value in seed.values("currency")} | {own}
    rows = landing.ask(
        "select lower(trim(currency)), count(*), min(period_start) from stripe__invoice_line_item"
        " where coalesce(livemode, true) and currency is not null group by 1 order by 2 desc"
    )
    lines = sum(row[1] for row in rows)
    lacking = [row for row in rows if row[0] not in known]
    if lacking:
        count = sum(row[1] for row in lacking)
        yield Finding(
            Severity.SILENCES, CONCERN,
            f"{counted(len(lacking), 'currency', 'currencies')} without a rate ({listed(row[0].upper() for row in lacking)}): {percent(count, lines)} of the invoice"
            " lines are left out, and their accounts have no revenue"
            f" or too little. The rate is {own.upper()} for one unit.",
            Rows(seed.file, seed.columns or RATE_HEADER, tuple((code, f"{since:%Y-%m-%d}", f"{own.upper()}_FOR_1_{code.upper()}", "") for code, _, since in lacking)),
            rank=8,
        )  # fmt: skip


def _products(landing: Landing) -> Iterator[Finding]:
    seed = landing.settings.seed("plans")
    named = set(seed.values("product"))
    tiers = landing.settings.seed("tiers").values("tier")
    rows = landing.ask(
        "select product_id, name, lines, items, has_units, is_metered from products where lines + items > 0 order by lines desc, product_id"
    )
    lacking = [row for row in rows if row[0] not in named and row[1] not in named]
    lines = sum(row[2] + row[3] for row in rows)
    if not rows:
        yield Finding(
            Severity.SILENCES,
            CONCERN,
            "No invoice line or item leads to a recurring price of the catalogue: no account has revenue.",
            rank=9,
        )
        return
    if lacking:
        count = sum(row[2] + row[3] for row in lacking)
        pasted = []
        for product, name, _, _, has_units, is_metered in lacking:
            tier = next((tier for tier in tiers if tier.lower() in (name or product or "").lower()), "")
            pasted.append(
                (product, tier, "true" if has_units and not is_metered else "false", "", "", "", shown(name or ""))
            )
        every = len(lacking) == len(rows)
        yield Finding(
            Severity.SILENCES, CONCERN,
            f"{'None of ' if every else ''}{counted(len(lacking), 'product')}{' has' if every else ' without'} a plan ({percent(count, lines)} of the invoice lines and items): their"
            " tier, seats and included amounts are unknown. Give each the tier that it sells (tiers.csv), and true where the quantity is"
            " seats.",
            Rows(seed.file, seed.columns or PLAN_HEADER, tuple(pasted)), rank=7 + count / max(lines, 1),
        )  # fmt: skip
    landed = {value for row in rows for value in row[:2] if value}
    unused = sorted(named - landed)
    if unused and len(unused) < len(named):
        near = {name: nearest(name, landed - named) for name in unused}
        told = [f"{name} (is it {near[name]}?)" if near[name] else name for name in unused]
        yield Finding(
            Severity.KNOW, CONCERN, f"{seed.file} names products that nothing is billed for: {listed(told)}.", rank=2
        )


def _tiers(landing: Landing) -> Iterator[Finding]:
    plans, tiers = landing.settings.seed("plans"), landing.settings.seed("tiers")
    known = set(tiers.values("tier"))
    lacking = sorted(set(plans.values("tier")) - known)
    if lacking:
        ranks = [int(rank) for rank in tiers.values("tier_rank") if rank.isdigit()]
        first = max(ranks, default=0) + 1
        yield Finding(
            Severity.STOPS, CONCERN,
            f"{plans.file} gives {counted(len(lacking), 'tier')} that {tiers.file} does not rank: {listed(lacking)}.",
            Rows(tiers.file, tiers.columns or TIER_HEADER, tuple((tier, first + n, "") for n, tier in enumerate(lacking))), rank=8,
        )  # fmt: skip


def _prices(landing: Landing) -> Iterator[Finding]:
    """Lines whose price is in no catalogue."""
    ((lines, unknown),) = landing.ask(
        """
        select count(*), count(*) filter (where coalesce(price_id, plan_id) not in
            (select id from stripe__price where id is not null union all select id from stripe__plan where id is not null))
        from stripe__invoice_line_item
        where subscription_item_id is not null and coalesce(price_id, plan_id) is not null and coalesce(livemode, true)
        """
    )
    if unknown:
        yield Finding(
            Severity.SILENCES if unknown > lines / 20 else Severity.KNOW, CONCERN,
            f"{percent(unknown, lines)} of the invoice lines name a price that is in neither stripe.price nor stripe.plan, and are left out: land the whole"
            " catalogue, deleted prices too.", rank=6,
        )  # fmt: skip
