"""Invoice lines as facts: one an item, invoice, period, kind and sign, whatever number of tiers and fees it has."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from .price_list import Price

#: How far the length of a whole period may be from its interval.
SPREAD = Fraction(12, 100)


@dataclass
class Fact:
    """What one item was charged, or credited, on one invoice for one period. Amounts in minor units."""

    subscription_id: str
    price: Price | None
    currency: str
    quantity: int
    amount: Fraction
    lines: int
    start: datetime
    end: datetime | None
    is_proration: bool
    invoice: tuple

    @property
    def seconds(self) -> Fraction | None:
        return None if self.end is None else Fraction((self.end - self.start).total_seconds())

    @property
    def is_whole(self) -> bool:
        """Whether it covers one interval of its price."""
        if self.is_proration or self.price is None:
            return False
        return self.end is None or abs(self.seconds - self.price.length) <= SPREAD * self.price.length


def before_tax(line: dict, price: Price | None) -> Fraction:
    """The line's amount without the tax that its price includes."""
    amount, quantity = line["amount"], line["quantity"]
    net = line["amount_excluding_tax"]
    if net is None and line["unit_amount_excluding_tax"] is not None and quantity:
        net = abs(line["unit_amount_excluding_tax"]) * quantity * (-1 if amount < 0 else 1)
    if net is None or (price and price.tax_behavior == "exclusive"):
        return amount
    # Where nobody says whether the tax is included, more than rounding between the two says it.
    is_included = (price and price.tax_behavior == "inclusive") or abs(net - amount) > 1
    return net if is_included else amount


def line_facts(lines: list[dict], prices: dict[str, Price]) -> list[Fact]:
    """The facts of one item, in order of their start and then of their invoice."""
    groups = defaultdict(list)
    for line in lines:
        price = prices.get(line["price_id"]) or prices.get(line["plan_id"])
        # Usage of one period may stand on several invoices.
        invoice = None if price and price.is_metered else line["invoice_id"]
        key = (invoice, line["period_start"], line["period_end"], line["proration"])
        groups[key].append(line | {"price": price, "net": before_tax(line, price)})
    facts = []
    for (_, start, end, is_proration), rows in groups.items():
        for own in sides(rows):
            named = [row for row in own if row["price"]] or own
            newest = max(named, key=lambda row: row["id"])
            # A free tier may be the other side's, whose price was another one: what was charged says the price.
            charged = max(named, key=lambda row: (row["amount"] != 0, row["id"]))
            facts.append(
                Fact(
                    subscription_id=newest["subscription_id"],
                    price=charged["price"],
                    currency=newest["currency"],
                    quantity=sum(row["quantity"] for row in own),
                    amount=sum((row["net"] for row in own), Fraction(0)),
                    lines=len(own),
                    start=start,
                    end=end,
                    is_proration=is_proration,
                    invoice=max((row["invoice_created"], row["invoice_id"]) for row in own) + (newest["id"],),
                )
            )
    return sorted(facts, key=lambda fact: (fact.start, fact.invoice))


def sides(rows: list[dict]) -> list[list[dict]]:
    """The debit and the credit among the lines of one period; free tiers are the debit's, or shared out."""
    debit = [row for row in rows if row["amount"] > 0]
    credit = [row for row in rows if row["amount"] < 0]
    free = sorted((row for row in rows if row["amount"] == 0), key=lambda row: row["id"])
    if debit and credit:
        # A fee has no quantity and is no tier.
        tiers = sum(row["quantity"] > 0 for row in debit)
        units = [row for row in free if row["quantity"] > 0]
        debit += units[max(0, len(units) - tiers) :]
        credit += units[: max(0, len(units) - tiers)]
    else:
        debit += free
    return [side for side in (debit, credit) if side]


def amount_of_a_period(fact: Fact, facts: list[Fact]) -> Fraction | None:
    """What a fact's quantity costs over a whole interval, in minor units."""
    price, quantity = fact.price, fact.quantity
    if price.is_metered:
        return fact.amount
    catalogue = price.unit_amount * quantity if price.is_exact(fact.currency) else None
    if fact.is_whole:
        return catalogue if catalogue is not None and abs(catalogue - fact.amount) <= 1 else fact.amount
    return catalogue if catalogue is not None else estimate(fact, facts)


def estimate(fact: Fact, facts: list[Fact]) -> Fraction:
    """A proration's amount over its share of the period, or the rate of a whole period that agrees with it."""
    wholes = [other for other in facts if other.is_whole and other.amount > 0 and other.end]
    around = [other for other in wholes if other.start <= fact.start and fact.end and fact.end <= other.end]
    if not fact.seconds:
        return fact.amount
    if around:
        length = around[-1].seconds
    else:
        length = Fraction((fact.end - fact.price.one_interval_before(fact.end)).total_seconds())
    share = fact.seconds / length
    estimated = fact.amount / share
    alike = [
        other
        for other in wholes
        if other.quantity and (other.price.id, other.currency) == (fact.price.id, fact.currency)
    ]
    # What as many units were billed moves nothing when they are billed again: it speaks before what is nearer.
    for other in sorted(
        alike, key=lambda other: (other.quantity != fact.quantity, abs(other.start - fact.start), other.start)
    ):
        by_rate = other.amount / other.quantity * fact.quantity
        if abs(by_rate - estimated) <= fact.lines / share:
            return by_rate
    # A share that is a microsecond short of the whole is no rise: below a millionth of a minor unit nothing is charged.
    return Fraction(round(estimated * 10**6), 10**6)
