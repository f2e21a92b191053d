"""What signals need of a landing and its seeds; each need is a question whose answer is why it is not met, or None."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import jinja2
from operations.place import PACKAGE

from . import tracking
from .landing import Landing

CATALOGUE = PACKAGE / "macros/signals/signal_catalogue.sql"
# What a fact of a domain is, where the catalogue asks a signal for nothing more: the domain's own question.
DOMAINS = {
    "billing": ["revenue"],
    "product": ["users"],
    "support": ["tickets"],
    "crm_history": ["employee_history"],
    "contacts": ["executives"],
    "intent": ["intent"],
    "marketing": ["marketing"],
}


@cache
def signal_needs() -> dict[str, list[str]]:
    """Names of QUESTIONS by signal, of every signal that is a number in the catalogue."""
    rows: list[dict[str, Any]] = []
    environment = jinja2.Environment()
    environment.globals["return"] = rows.extend
    environment.from_string(CATALOGUE.read_text()).module.signal_catalogue()
    return {
        row["name"]: row.get("needs") or DOMAINS.get(row.get("domain"), []) for row in rows if row["kind"] != "text"
    }


class Needs:
    """Answers each question once."""

    def __init__(self, landing: Landing):
        self.landing = landing
        self.answers: dict[str, str | None] = {}

    def lacking(self, signal: str) -> str | None:
        """Why a signal is unknown for every account; None where it may be known, or nothing is said of it here."""
        for need in signal_needs().get(signal, []):
            if need not in self.answers:
                self.answers[need] = QUESTIONS[need](self)
            if self.answers[need]:
                return self.answers[need]
        return None

    def any(self, table: str, condition: str) -> bool:
        return bool(self.landing.ask(f"select 1 from {table} where {condition} limit 1"))

    # Billing

    def revenue(self) -> str | None:
        return None if self.any("products", "lines + items > 0") else "no invoice line or item has a recurring price"

    def seats(self) -> str | None:
        return self._plan("is_seat_priced", "is seat-priced", lambda value: value.lower() in ("true", "1", "t"))

    def included_usage(self) -> str | None:
        return self._plan("included_usage_30d", "includes a metered amount (included_usage_30d)", bool)

    def included_storage(self) -> str | None:
        return self._plan("included_storage_gb", "includes storage (included_storage_gb)", bool)

    def _plan(self, column: str, words: str, holds: Callable[[str], bool]) -> str | None:
        if unmet := self.revenue():
            return unmet
        landed = {
            value
            for row in self.landing.ask("select product_id, name from products where lines + items > 0")
            for value in row
        }
        rows = self.landing.settings.seed("plans").rows
        if any(row.get("product") in landed and holds(row.get(column, "")) for row in rows):
            return None
        return f"no product that is billed {words} in plans.csv"

    def yearly_terms(self) -> str | None:
        return None if self.any("products", "is_yearly and lines + items > 0") else "no price is billed by the year"

    # Product

    def users(self) -> str | None:
        return None if self.any("event_users", "user_id is not null") else "no product event has a user"

    def features(self) -> str | None:
        if not self.any("segment__feature_used", "feature is not null"):
            return "segment.feature_used has no row with a feature"
        advanced = {
            row["feature"]
            for row in self.landing.settings.seed("features").rows
            if row.get("is_advanced", "").lower() in ("true", "1", "t")
        }
        landed = {feature for (feature,) in self.landing.ask("select distinct feature from segment__feature_used")}
        return None if advanced & landed else "no feature in use is advanced in features.csv"

    def teams(self) -> str | None:
        return (
            None
            if self.any("segment__feature_used", "team_id is not null")
            else "segment.feature_used has no row with a team"
        )

    def metered_use(self) -> str | None:
        return (
            None
            if self.any("segment__api_usage", "quantity is not null")
            else "segment.api_usage has no row with a quantity"
        )

    def storage(self) -> str | None:
        return (
            None
            if self.any("segment__groups", "storage_used_gb is not null")
            else "no group call has the trait storage_used_gb"
        )

    def action(self, name: str) -> str | None:
        if tracking.counted_actions(self.landing).get(name):
            return None
        return tracking.not_seen(self.landing, name)

    def integration_pages(self) -> str | None:
        return self.action("integration_page_viewed")

    def pricing_pages(self) -> str | None:
        return self.action("pricing_page_viewed")

    def value_events(self) -> str | None:
        names = self.landing.ask("select source_table, event_name from event_names")
        rows = (tracking.plan_row(self.landing, source, name) for source, name in names)
        if any(row and row.get("is_value_event", "").lower() in ("true", "1", "t") for row in rows):
            return None
        return "no landed event is a value event in tracking_plan.csv"

    # CRM, support and the optional domains

    def employee_history(self) -> str | None:
        return None if self.any("employee_history", "true") else "the CRM lands no history of the number of employees"

    def executives(self) -> str | None:
        titles = [
            title for (title,) in self.landing.ask("select distinct lower(title) from titles where title is not null")
        ]
        if not titles:
            return "no contact has a job title"
        words = [re.escape(word.lower()) for word in self.landing.settings.seed("executive_titles").values("title")]
        pattern = re.compile(rf"\b({'|'.join(words)})\b") if words else re.compile("$^")
        return (
            None if any(pattern.search(title) for title in titles) else "no contact's title is in executive_titles.csv"
        )

    def fiscal_year(self) -> str | None:
        return (
            None
            if self.any("accounts", "fiscal_year_end_month is not null")
            else "no account has the end of its fiscal year (crm_fields: fiscal_year_end_month)"
        )

    def tickets(self) -> str | None:
        return None if self.any("zendesk__ticket", "true") else "no support ticket has landed"

    def urgent_tickets(self) -> str | None:
        if unmet := self.tickets():
            return unmet
        if self.any("zendesk__ticket", "lower(priority) in ('urgent', 'high')"):
            return None
        return "no ticket has the priority urgent or high"

    def limit_tags(self) -> str | None:
        tags = {tag for (tag,) in self.landing.ask("select distinct tag from zendesk__ticket_tag")}
        named = set(self.landing.settings.seed("limit_tags").values("tag"))
        return None if tags & named else "no ticket has a tag of limit_tags.csv"

    def intent(self) -> str | None:
        return None if self.any("generic__intent_scores", "true") else "generic.intent_scores has not landed"

    def marketing(self) -> str | None:
        vendors = self.landing.settings.vendors.get("marketing", [])
        landed = ("generic" in vendors and self.any("generic__marketing_email_events", "true")) or (
            "hubspot" in vendors and self.any("hubspot__email_event", "true")
        )
        return None if landed else f"no marketing e-mail has landed ({', '.join(vendors) or 'no vendor'})"


QUESTIONS: dict[str, Callable[[Needs], str | None]] = {
    name: question
    for name, question in vars(Needs).items()
    if not name.startswith("_") and name not in ("lacking", "any", "action")
}
