"""What a build found, for whoever started it: a build that is green and fires nothing has to say so, and why.

Whatever stands in the way of most accounts comes first. The lines are counts and names of the configuration, never a
customer's.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from dataclasses import dataclass, field

from .place import Place
from .relations import Relations
from .warehouse import Warehouse, is_missing, opened

WIDTH = 118
SHOWN_REASONS = 3
SHOWN_SIGNALS = 6
SHOWN_TRIGGERS = 30
MODELS = {
    "clock": "int_clock",
    "events": "stg_product__events",
    "users": "stg_product__users",
    "account_events": "int_product_events",
    "matches": "identity_match_rate",
    "accounts": "dim_accounts",
    "stage": "int_account_stage_daily",
    "coverage": "signal_coverage",
    "triggers": "dim_triggers",
    "conditions": "trigger_conditions",
    "episodes": "fct_trigger_episodes",
    "candidates": "int_candidates",
    "fired": "fct_fired_triggers",
    "suppressed": "fct_suppressed_triggers",
}
# What to do about accounts that are out of the stage for one reason.
ADVICE = {
    "not_onboarded": "set crm_fields: onboarding_completed_date in dbt_project.yml to the column that holds the date",
    "health": "compare seeds health_weights.csv with how your customers use the product",
    "tenure": "they became customers too recently; more history in billing may be missing",
    "declined": "check which outcomes decline_dispositions.csv calls a decline",
    "no_contract_value": "plans.csv, exchange_rates.csv or the prices leave their revenue at zero",
    "never_paid": "check that billing customers find their account (identity_match_rate)",
}


@dataclass
class Trigger:
    """One row of the table."""

    name: str
    status: str
    kind: str
    accounts: int = 0
    candidates: int = 0
    fired: int = 0
    in_shadow: int = 0
    stopped: list[tuple[str, int]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def why(self) -> str:
        if self.stopped:
            shown = [f"{reason} {count:,}" for reason, count in self.stopped[:SHOWN_REASONS]]
            rest = sum(count for _, count in self.stopped[SHOWN_REASONS:])
            return ", ".join([*shown, *([f"others {rest:,}"] if rest else [])])
        if self.unknown:
            return f"{', '.join(self.unknown)} known by no account"
        if self.accounts:
            return ""
        return "its event was never seen" if self.kind == "event" else "its conditions were never met"


def summary(place: Place) -> list[str]:
    """The lines of the closing summary; called inside `place.entered()`. Empty where nothing of it was built."""
    if is_missing(place):
        return []
    with opened(place) as warehouse:
        return Summary(warehouse, Relations.of(place)).lines()


class Summary:
    """Reads the warehouse of one build. A part that was not built leaves its lines out."""

    def __init__(self, warehouse: Warehouse, relations: Relations):
        self.warehouse = warehouse
        built = warehouse.built
        found = {word: relations.models[name] for word, name in MODELS.items() if name in relations.models}
        self.models = {
            word: warehouse.named(relation)
            for word, relation in found.items()
            if (relation.schema, relation.identifier) in built
        }

    def lines(self) -> list[str]:
        triggers = self.triggers()
        facts = [*self.events(), *self.matches(), *self.accounts(), *self.signals(), *self.firings(triggers)]
        first = [_wrapped("! ", warning) for warning in (*self.nothing_fired(triggers), *self.most_are_out())]
        table = [] if not triggers else ["", *_table(triggers)]
        return [line for text in (*first, *self.heading(), *facts) for line in text.split("\n")] + table

    def ask(self, query: str) -> list[tuple]:
        return self.warehouse.ask(query.format(**self.models))

    def has(self, *words: str) -> bool:
        return all(word in self.models for word in words)

    # What comes first

    def nothing_fired(self, triggers: list[Trigger]) -> list[str]:
        if not triggers or any(trigger.fired for trigger in triggers):
            return []
        shadow = sum(trigger.in_shadow for trigger in triggers)
        if shadow:
            return [
                f"No trigger fired but in shadow ({shadow:,} times): set status to active and active_from to a past date"
                " in trigger_library.csv, and build again."
            ]
        met = sum(trigger.accounts > 0 for trigger in triggers)
        told = f"Nothing fired: the conditions of {met} of {len(triggers)} triggers were met at all"
        reasons: dict[str, int] = defaultdict(int)
        for trigger in triggers:
            for reason, count in trigger.stopped:
                reasons[reason] += count
        if reasons:
            reason = max(reasons, key=lambda name: (reasons[name], name))
            told += f", and {reason} stopped {_percent(reasons[reason], sum(reasons.values()))} of their candidates"
        return [f"{told}. `make doctor` says what is missing and what to set."]

    def most_are_out(self) -> list[str]:
        paying, reasons, _ = self.stage_today()
        told = []
        for reason, count in reasons:
            if 2 * count > paying:
                advice = ADVICE.get(reason, "see stage_reason in int_account_stage_daily")
                told.append(
                    f"{count:,} of {paying:,} accounts ({_percent(count, paying)}) are out of the expansion stage for one"
                    f" reason, {reason}: {advice}. `make doctor` looks further."
                )
        return told

    # The facts

    def heading(self) -> list[str]:
        if not self.has("clock"):
            return []
        ((as_of,),) = self.ask("select as_of from {clock}")
        return [f"As of {as_of:%Y-%m-%d %H:%M} UTC:"]

    def events(self) -> list[str]:
        if not self.has("events", "users", "account_events"):
            return []
        # Staff belong to no account, and nothing lacks.
        ((events,),) = self.ask(
            "select count(*) from {events} where user_key is null"
            " or user_key not in (select user_key from {users} where is_staff and user_key is not null)"
        )
        ((found,),) = self.ask("select count(*) from {account_events}")
        return [_fact("events", f"{found:,} of {events:,} product events found an account ({_percent(found, events)})")]

    def matches(self) -> list[str]:
        if not self.has("matches"):
            return []
        rows = self.ask(
            "select source_name, sum(case when is_matched then records else 0 end), max(source_records) from {matches}"
            " group by source_name order by source_name"
        )
        told = [f"{source} {matched:,} of {records:,}" for source, matched, records in rows]
        return [_fact("identity", f"matched to an account: {', '.join(told)}")] if told else []

    def accounts(self) -> list[str]:
        if not self.has("stage"):
            return []
        paying, reasons, churned = self.stage_today()
        inside = paying - sum(count for _, count in reasons)
        told = f"{inside:,} of {paying:,} in the expansion stage"
        if reasons:
            told += f"; out of it: {', '.join(f'{reason} {count:,}' for reason, count in reasons)}"
        if churned:
            told += f" (and {churned:,} churned)"
        if self.has("accounts"):
            ((known,),) = self.ask("select count(*) from {accounts}")
            told += f"; {known:,} in the CRM"
        return [_fact("accounts", told)]

    def stage_today(self) -> tuple[int, list[tuple[str, int]], int]:
        """Accounts that have not churned, why which of them are out of the stage, and those that have."""
        if not self.has("stage"):
            return 0, [], 0
        counts = dict(
            self.ask(
                "select stage_reason, count(*) from {stage}"
                " where signal_on = (select max(signal_on) from {stage}) group by stage_reason"
            )
        )
        churned = counts.pop("churned", 0)
        paying = sum(counts.values())
        counts.pop(None, None)
        return paying, sorted(counts.items(), key=lambda item: (-item[1], item[0])), churned

    def signals(self) -> list[str]:
        if not self.has("coverage"):
            return []
        rows = self.ask(
            "select signal, known_accounts_today, accounts_today from {coverage} order by known_accounts_today, signal"
        )
        if not rows:
            return []
        accounts = max(total for *_, total in rows)
        nobody = [signal for signal, known, _ in rows if known == 0]
        some = [f"{signal} {known:,}" for signal, known, _ in rows if 0 < known < accounts]
        everybody = len(rows) - len(nobody) - len(some)
        told = [f"{everybody} of {len(rows)} are known for all {accounts:,} paying accounts"]
        if some:
            told.append(f"for fewer: {_shortened(some)}")
        if nobody:
            told.append(f"for none: {_shortened(nobody, 3 * SHOWN_SIGNALS)}")
        return [_fact("signals", "; ".join(told))]

    def firings(self, triggers: list[Trigger]) -> list[str]:
        if not self.has("fired", "clock"):
            return []
        ((new,),) = self.ask("select count(*) from {fired} where recorded_as_of = (select as_of from {clock})")
        fired, shadow = (sum(getattr(trigger, name) for trigger in triggers) for name in ("fired", "in_shadow"))
        return [_fact("firings", f"{fired:,} recorded, and {shadow:,} in shadow; {new:,} of them as of this build")]

    def triggers(self) -> list[Trigger]:
        if not self.has("triggers", "conditions", "episodes", "candidates", "fired", "suppressed"):
            return []
        found = {
            name: Trigger(name, status, kind)
            for name, status, kind in self.ask(
                "select trigger_id, status, kind from {triggers} where status <> 'retired'"
            )
        }
        if self.has("coverage"):
            for name, signal in self.ask(
                "select distinct conditions.trigger_id, conditions.signal from {conditions} as conditions"
                " inner join {coverage} as coverage on conditions.signal = coverage.signal"
                " where coverage.first_known_on is null order by 1, 2"
            ):
                if name in found:
                    found[name].unknown.append(signal)
        counts = {
            "accounts": "select trigger_id, count(distinct account_id) from {episodes} group by trigger_id",
            "candidates": "select trigger_id, count(*) from {candidates} group by trigger_id",
            "fired": "select trigger_id, count(*) from {fired} where not is_shadow group by trigger_id",
            "in_shadow": "select trigger_id, count(*) from {fired} where is_shadow group by trigger_id",
        }
        for attribute, query in counts.items():
            for name, count in self.ask(query):
                if name in found:
                    setattr(found[name], attribute, count)
        reasons = defaultdict(list)
        for name, reason, count in self.ask(
            "select trigger_id, reason, cast(sum(candidates) as bigint) as stopped from {suppressed}"
            " group by trigger_id, reason order by trigger_id, stopped desc, reason"
        ):
            reasons[name].append((reason, count))
        for name, stopped in reasons.items():
            if name in found:
                found[name].stopped = stopped
        return sorted(
            found.values(), key=lambda trigger: (trigger.status, -trigger.fired, -trigger.in_shadow, trigger.name)
        )


def _table(triggers: list[Trigger]) -> list[str]:
    names = max(len("trigger"), *(len(trigger.name) for trigger in triggers))
    head = (
        f"  {'trigger':{names}}  {'status':7} {'accounts':>8} {'candidates':>10} {'fired':>6} {'shadow':>6}  stopped by"
    )
    lines = [
        f"  {trigger.name:{names}}  {trigger.status:7} {trigger.accounts:8,} {trigger.candidates:10,} {trigger.fired:6,}"
        f" {trigger.in_shadow:6,}  {trigger.why}".rstrip()
        for trigger in triggers[:SHOWN_TRIGGERS]
    ]
    rest = len(triggers) - SHOWN_TRIGGERS
    return [head, *lines, *([f"  and {rest} more: see dim_triggers"] if rest > 0 else [])]


def _fact(word: str, text: str) -> str:
    return _wrapped(f"  {word:9} ", text)


def _wrapped(start: str, text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent=start, subsequent_indent=" " * len(start), break_on_hyphens=False)


def _shortened(words: list[str], most: int = SHOWN_SIGNALS) -> str:
    rest = len(words) - most
    return ", ".join(words[:most]) + (f" and {rest} more" if rest > 0 else "")


def _percent(part: int, whole: int) -> str:
    """Rounded down, so that all but one is not all."""
    return f"{100 * part // whole} %" if whole else "none"
