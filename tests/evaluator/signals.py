"""Every signal of one account at the close of one paid day."""

import calendar
import math
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from .arithmetic import exact, ratio, rounded
from .billing import Billing
from .clock import add_months, close_of, midnight, window
from .crm import Crm
from .loading import Seeds, boolean, label, number
from .product import Product, ProductFacts
from .support import Support

LONGEST_SESSION_GAP = timedelta(minutes=30)
POWER_USE = timedelta(hours=20)
SMALLEST_BASE_OF_GROWTH = 5
DAYS_OF_PACE = 28


def reaches(starts_on: date | None, on: date, length: int) -> bool:
    """Whether a trailing window lies within what its domain's history covers."""
    return starts_on is not None and on - timedelta(days=length - 1) >= starts_on


class ProductDays:
    """What one account did on each day, and what is new in it."""

    def __init__(self, facts: ProductFacts, starts_on: date | None):
        self.facts = facts
        self.starts_on = starts_on
        self.users: dict[date, set] = defaultdict(set)
        self.first_day_of_user: dict[str, date] = {}
        self.first_day_of_team: dict[str, date] = {}
        self.features: dict[date, set] = defaultdict(set)
        self.usage: dict[date, Fraction] = defaultdict(Fraction)
        self.actions: dict[tuple[str, date], int] = defaultdict(int)
        self.value_events: dict[date, int] = defaultdict(int)
        self.session_time: dict[tuple[str, date], timedelta] = defaultdict(timedelta)
        self.counted: dict[tuple[str, date], Fraction | int | None] = {}

        last_seen: dict[str, datetime] = {}
        for event in facts.events:
            on, user = event["event_at"].date(), event["user_id"]
            self.actions[event["action"], on] += 1
            self.value_events[on] += event["is_value_event"]
            if user is None:
                continue
            self.users[on].add(user)
            self.first_day_of_user.setdefault(user, on)
            if user in last_seen and event["event_at"] - last_seen[user] <= LONGEST_SESSION_GAP:
                self.session_time[user, on] += event["event_at"] - last_seen[user]
            last_seen[user] = event["event_at"]
        for row in facts.features:
            if row["user_id"] is None:
                continue
            on = row["event_at"].date()
            self.features[on].add((row["feature"], row["team_id"]))
            if row["team_id"]:
                self.first_day_of_team.setdefault(row["team_id"], on)
        for row in facts.usage:
            if row["user_id"] is not None:
                self.usage[row["event_at"].date()] += row["quantity"] or 0

    def knows(self, on: date, length: int) -> bool:
        """Null before the account's first event and where the window leaves the history."""
        first = self.facts.first_event_on
        return first is not None and first <= on and reaches(self.starts_on, on, length)

    def active_users(self, on: date, length: int = 28, only=lambda day: True) -> int | None:
        if not self.knows(on, length):
            return None
        return len(set().union(*(self.users.get(day, set()) for day in window(on, length) if only(day))))

    def count(self, of: dict, on: date, length: int):
        return sum(of.get(day, 0) for day in window(on, length)) if self.knows(on, length) else None

    def views(self, action: str, on: date, length: int) -> int | None:
        return self.count({day: self.actions.get((action, day), 0) for day in window(on, length)}, on, length)

    def pace(self, name: str, count, on: date, length: int) -> Fraction | None:
        """Median change over 14 days of a count of `length` days, within 28; null unless all counts are whole ones."""
        values = []
        for day in window(on, DAYS_OF_PACE):
            if not self.knows(day - timedelta(days=length - 1), 1) or not self.knows(day, length):
                return None
            if (name, day) not in self.counted:
                self.counted[name, day] = count(day)
            values.append(self.counted[name, day])
        half = DAYS_OF_PACE // 2
        changes = sorted(later - earlier for earlier, later in zip(values[:half], values[half:], strict=True))
        return (Fraction(changes[half // 2 - 1]) + Fraction(changes[half // 2])) / 2

    def new(self, first_days: dict[str, date], on: date, length: int) -> int | None:
        if not self.knows(on, length):
            return None
        return sum(on - timedelta(days=length) < first <= on for first in first_days.values())

    def hours(self, on: date) -> tuple[Decimal | None, int | None]:
        """Usage hours of all users in 7 days, and the users above 20 of them."""
        if not self.knows(on, 7):
            return None, None
        per_user: dict[str, timedelta] = defaultdict(timedelta)
        for day in window(on, 7):
            for user in self.users.get(day, ()):
                per_user[user] += self.session_time.get((user, day), timedelta())
        total = sum(per_user.values(), timedelta())
        return (
            rounded(Fraction(total // timedelta(microseconds=1), 3_600_000_000), 6),
            sum(time > POWER_USE for time in per_user.values()),
        )

    def used(self, on: date, length: int) -> set | None:
        if not self.knows(on, length):
            return None
        return set().union(*(self.features.get(day, set()) for day in window(on, length)))

    def storage_used(self, on: date) -> Fraction | None:
        if not self.knows(on, 1):
            return None
        known = [row for row in self.facts.storage if row[0] < close_of(on)]
        return max(known, key=lambda row: row[:2])[2] if known else None


def days_to_limit(used, limit, pace: Fraction | None) -> int | None:
    """Whole days until what is used meets the limit at the pace of a fortnight, begun days counted."""
    share = ratio(used, limit)
    if share is None or share >= 1:
        return None if share is None else 0
    if pace is None or ratio(pace, limit) <= 0:
        return None
    return math.ceil(rounded(DAYS_OF_PACE // 2 * (exact(limit) - exact(used)) / pace, 6))


def product_signals(product: ProductDays, paid: dict, on: date, advanced: set[str]) -> dict:
    users = product.active_users(on)
    earlier = product.active_users(on - timedelta(days=28))
    growth = None
    if users is not None and earlier is not None and earlier >= SMALLEST_BASE_OF_GROWTH:
        growth = ratio(users - earlier, earlier)
    hours, power_users = product.hours(on)
    use = product.count(product.usage, on, 30)
    pace_of_users = product.pace("users", product.active_users, on, 28)
    pace_of_use = product.pace("use", lambda day: product.count(product.usage, day, 30), on, 30)
    month_of_use, fortnight_of_use = product.used(on, 28), product.used(on, 14)
    teams_of = defaultdict(set)
    for feature, team in fortnight_of_use or ():
        if team:
            teams_of[feature].add(team)
    return {
        "active_users_28d": users,
        "seat_utilisation": ratio(users, paid["seats_licensed"]),
        "active_users_growth_28d": growth,
        "users_added_30d": product.new(product.first_day_of_user, on, 30),
        "usage_hours_7d": hours,
        "power_users": power_users,
        "features_adopted_28d": None
        if month_of_use is None
        else len({feature for feature, _ in month_of_use} & advanced),
        "max_teams_per_feature_14d": None
        if fortnight_of_use is None
        else max((len(teams) for teams in teams_of.values()), default=0),
        "teams_added_30d": product.new(product.first_day_of_team, on, 30),
        "weekend_active_users_28d": product.active_users(on, only=lambda day: day.weekday() >= 5),
        "integration_page_views_30d": product.views("integration_page_viewed", on, 30),
        "pricing_page_views_14d": product.views("pricing_page_viewed", on, 14),
        "quota_utilisation_30d": ratio(use, paid["included_usage_30d"]),
        "days_to_seat_limit": days_to_limit(users, paid["seats_licensed"], pace_of_users),
        "days_to_quota_limit": days_to_limit(use, paid["included_usage_30d"], pace_of_use),
        "storage_utilisation": ratio(product.storage_used(on), paid["included_storage_gb"]),
        "value_milestones_30d": product.count(product.value_events, on, 30),
    }


def crm_signals(crm: Crm, account_id: str, on: date) -> dict:
    growth = None
    earlier_on = on - timedelta(days=90)
    # Of an account without a history today's number is all that is known: no growth was measured.
    if account_id in crm.headcounts and earlier_on >= crm.history_starts_on:
        now, earlier = crm.employees(account_id, on), crm.employees(account_id, earlier_on)
        if now is not None and earlier:
            growth = ratio(now - earlier, earlier)
    executives = None
    if reaches(crm.contacts_start_on, on, 60):
        executives = sum(
            row["is_executive"] and on - timedelta(days=60) < row["created_date"].date() <= on
            for row in crm.contacts.get(account_id, [])
        )
    return {
        "headcount_growth_90d": growth,
        "executive_contacts_added_60d": executives,
        "segment": crm.segment(account_id, on),
        "days_to_fiscal_year_end": days_to_month_end(on, crm.account(account_id)["fiscal_year_end_month"]),
    }


def days_to_month_end(on: date, month: int | None) -> int | None:
    """Days to the next last day of a month, 0 on that day itself."""
    if month is None or not 1 <= month <= 12:
        return None
    ends = [date(year, month, calendar.monthrange(year, month)[1]) for year in (on.year, on.year + 1)]
    return min((end - on).days for end in ends if end >= on)


def days_since_anniversary(on: date, first_paid_on: date) -> int | None:
    """Days since the first paid day last returned; null before it has returned at all."""
    returns = [
        add_months(midnight(first_paid_on), 12 * years).date() for years in range(1, on.year - first_paid_on.year + 1)
    ]
    passed = [(on - returned).days for returned in returns if returned <= on]
    return min(passed, default=None)


def support_signals(support: Support, account_id: str, on: date, clock) -> dict:
    tickets = support.tickets(account_id)
    is_matched = account_id in support.matched_accounts

    def opened(length: int, only=lambda ticket: True) -> int | None:
        if not is_matched or not reaches(support.starts_on, on, length):
            return None
        return sum(only(ticket) and on - timedelta(days=length) < ticket.created_at.date() <= on for ticket in tickets)

    return {
        "open_urgent_tickets": sum(ticket.is_pressing(close_of(on), clock) for ticket in tickets)
        if is_matched and reaches(support.starts_on, on, 1)
        else None,
        "tickets_60d": opened(60),
        "limit_tickets_30d": opened(30, lambda ticket: ticket.is_about_limits),
    }


def health_score(row: dict, weights: list[dict]) -> Decimal | None:
    """Weighted mean of the points of the components that are known, one decimal."""
    total = weight_sum = Fraction(0)
    for component in weights:
        value = row.get(component["component"])
        if value is None:
            continue
        span = component["value_at_100"] - component["value_at_0"]
        points = 100 * (exact(value) - component["value_at_0"]) / span
        total += component["weight"] * min(max(points, Fraction(0)), Fraction(100))
        weight_sum += component["weight"]
    return rounded(total / weight_sum, 1) if weight_sum else None


def all_signals(
    seeds: Seeds, billing: Billing, product: Product, support: Support, crm: Crm
) -> dict[str, dict[date, dict]]:
    """Signals by account and paid day."""
    advanced = {
        row["feature"]
        for row in seeds.rows("features", {"feature": label, "is_advanced": boolean})
        if row["is_advanced"]
    }
    weights = seeds.rows(
        "health_weights", {"component": label, "weight": number, "value_at_0": number, "value_at_100": number}
    )
    signals: dict[str, dict[date, dict]] = {}
    for account_id, paid_days in billing.daily.items():
        used = ProductDays(product.by_account.get(account_id, ProductFacts()), product.starts_on)
        for on, paid in sorted(paid_days.items()):
            row = {
                "account_id": account_id,
                "signal_on": on,
                "seats_licensed": paid["seats_licensed"],
                "contract_value": paid["contract_value"],
                "tier": paid["tier"],
                "days_to_renewal": paid["days_to_renewal"],
                "days_since_anniversary": days_since_anniversary(on, paid["first_paid_on"]),
                "invoice_days_past_due": billing.days_past_due(account_id, on, close_of(on)),
                "intent_surge_score": None,
                "marketing_emails_clicked_30d": None,
            }
            row |= product_signals(used, paid, on, advanced)
            row |= crm_signals(crm, account_id, on)
            row |= support_signals(support, account_id, on, billing.clock)
            row["health_score"] = health_score(row, weights)
            signals.setdefault(account_id, {})[on] = row
    return signals
