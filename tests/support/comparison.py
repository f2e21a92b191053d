"""The models' tables beside the evaluator's, table by table, as sets of rows."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

from support.project import rows

SIGNALS = [
    "seats_licensed", "active_users_28d", "seat_utilisation", "active_users_growth_28d", "users_added_30d",
    "usage_hours_7d", "power_users", "features_adopted_28d", "max_teams_per_feature_14d", "teams_added_30d",
    "weekend_active_users_28d", "integration_page_views_30d", "pricing_page_views_14d", "quota_utilisation_30d",
    "storage_utilisation", "value_milestones_30d", "headcount_growth_90d", "executive_contacts_added_60d",
    "contract_value", "tier", "segment", "days_to_renewal", "days_to_fiscal_year_end", "days_since_anniversary",
    "invoice_days_past_due", "open_urgent_tickets", "tickets_60d", "limit_tickets_30d", "health_score",
    "intent_surge_score", "marketing_emails_clicked_30d", "days_to_seat_limit", "days_to_quota_limit",
]  # fmt: skip

# (table of the evaluator, key columns, compared columns, query of the models)
TABLES = {
    "clock": ([], ["as_of", "last_closed_on", "last_final_on"], "select * from intermediate.int_clock"),
    "matches": (
        ["source", "record_id"],
        ["account_id", "rule", "reason"],
        "select source_name as source, record_id, account_id, rule,"
        " unmatched_reason as reason from intermediate.int_identity_matches where source_name <> 'product_user'",
    ),
    "account_daily": (
        ["account_id", "signal_on"],
        ["first_paid_on", "tenure_days", "contract_value", "seats_licensed", "tier", "days_to_renewal"],
        "select * from intermediate.int_account_billing_daily",
    ),
    "signals": (["account_id", "signal_on"], SIGNALS, "select * from intermediate.int_account_signals_daily"),
    "stage": (
        ["account_id", "signal_on"],
        ["tenure_days", "tier", "segment", "contract_value", "is_in_stage", "stage_reason"],
        "select * from intermediate.int_account_stage_daily",
    ),
    "expansions": (
        ["account_id", "expanded_on", "expansion_type"],
        ["expanded_at", "mrr_before", "mrr_after", "mrr_delta"],
        "select * from intermediate.int_expansions",
    ),
    "movements": (
        ["account_id", "movement_on", "movement_type"],
        ["mrr_delta"],
        "select account_id, movement_on, movement_type, mrr_delta from intermediate.int_mrr_movements",
    ),
    "episodes": (
        ["trigger_id", "account_id", "triggered_at"],
        ["started_on", "ended_on", "is_open"],
        "select * from intermediate.int_trigger_episodes",
    ),
    "firings": (
        ["firing_id"],
        [
            "trigger_id", "account_id", "triggered_at", "is_shadow", "is_holdout", "message_group", "deliver_at",
            "sla_due_at", "expires_at", "is_time_zone_known", "motion", "owner_role", "owner_email",
            "recipient_user_id", "recipient_contact_id", "channels", "play_id", "cancelled_because", "held_back_reason",
        ],
        "select firings.*, fired_at as triggered_at, cancelled_because, held_back_reason"
        " from intermediate.int_firings as firings"
        " left join intermediate.int_firing_rechecks using (firing_id)"
        " left join intermediate.int_firing_hold_backs using (firing_id)",
    ),
    "suppressions": (
        ["account_id", "trigger_id", "triggered_at", "is_shadow", "reason_type", "reason"],
        ["first_at", "last_at", "candidates"],
        "select * from marts.fct_suppressed_triggers",
    ),
}  # fmt: skip


def differences(warehouse: Path, expected, tables: list[str] | None = None, most: int = 12) -> list[str]:
    """Sentences about rows that differ, table by table in the order of the data's flow; empty when all agree."""
    found = []
    for table in tables or TABLES:
        keys, columns, query = TABLES[table]
        theirs = getattr(expected, table)
        theirs = [theirs] if isinstance(theirs, dict) else theirs
        own = rows(warehouse, query)
        if table == "movements":
            own, theirs = _netted(own, keys), _netted(theirs, keys)
        mine = _by_key(own, keys, columns)
        want = _by_key(theirs, keys, columns)
        found += _differences(table, columns, mine, want, most)
    return found


def _netted(movements: list[dict], keys: list[str]) -> list[dict]:
    """Movements over the currencies: of an item that goes on in another one the net in dollars is the movement."""
    nets: dict[tuple, dict] = {}
    for row in movements:
        net = nets.setdefault(tuple(row[key] for key in keys), {**row, "mrr_delta": Fraction(0)})
        net["mrr_delta"] += Fraction(row["mrr_delta"])
    return list(nets.values())


def _by_key(table: list[dict], keys: list[str], columns: list[str]) -> dict[tuple, tuple]:
    result = {}
    repeated = Counter(tuple(plain(row[key]) for key in keys) for row in table)
    for row in table:
        key = tuple(plain(row[name]) for name in keys)
        result[key if repeated[key] == 1 else (*key, len(result))] = tuple(plain(row[name]) for name in columns)
    return result


def _differences(table: str, columns: list[str], mine: dict, want: dict, most: int) -> list[str]:
    sentences = [f"{table}: {key} is missing: expected {want[key]}" for key in want if key not in mine]
    sentences += [f"{table}: {key} is too many: {mine[key]}" for key in mine if key not in want]
    for key in want:
        for name, left, right in zip(columns, mine.get(key, ()), want[key], strict=False):
            if left != right and not _near(table, left, right):
                sentences.append(f"{table}: {key}: {name} is {left}, expected {right}")
    count = len(sentences)
    return sorted(sentences)[:most] + ([f"{table}: {count} differences"] if count else [])


def _near(table: str, left, right) -> bool:
    """Movements are unrounded amounts, doubles here and fractions there: a tenth of a cent apart is the same."""
    return (
        table == "movements"
        and isinstance(left, Decimal)
        and isinstance(right, Decimal)
        and abs(left - right) < Decimal("0.001")
    )


def plain(value):
    """A value as it is compared: money and ratios as decimals of six places, the rest as it stands."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, (int, Decimal)):
        return Decimal(value).quantize(Decimal("0.000001"), ROUND_HALF_UP).normalize() + 0
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
