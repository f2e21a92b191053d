"""A complete folder of seeds with small, random rules, so that things happen in small worlds."""

import csv
import random
from datetime import timedelta
from pathlib import Path

from . import catalogue
from .span import Span, span_of

LIBRARY = [
    "trigger_id",
    "trigger_name",
    "description",
    "category",
    "signal_class",
    "kind",
    "journey_moment",
    "event_action",
    "min_events",
    "for_days",
    "rearm",
    "burst_minutes",
    "tiers",
    "segments",
    "min_contract_value",
    "requires_stage",
    "recheck_conditions",
    "exclusions",
    "message_group",
    "cooldown_days",
    "priority",
    "timing",
    "expansion_types",
    "window_days",
    "holdout_pct",
    "benchmark_low",
    "benchmark_high",
    "owner",
    "play_id",
    "status",
    "active_from",
    "version",
]
EXCLUSIONS = [
    "open_expansion_opportunity",
    "open_urgent_ticket",
    "invoice_past_due",
    "opted_out",
    "recently_expanded",
]
TIMINGS = ["immediate", "within_24h", "after_48h", "next_business_day_10am", "next_business_day"]
EXPANSION_TYPES = ["seat_growth", "tier_upgrade", "add_on", "consumption", "renewal_uplift"]
CONTRACT_VALUES = ["600", "1200", "1500", "3000", "6000"]


def write_seeds(path: Path | str, seed: int) -> None:
    """Write every seed that the models read to `{path}/seeds`."""
    rng = random.Random(f"seeds {seed}")
    folder = Path(path) / "seeds"
    folder.mkdir(parents=True, exist_ok=True)
    span = span_of(seed)
    triggers, conditions = draw_triggers(rng, span)

    def write(name: str, columns: str, rows: list) -> None:
        header = columns.split()
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([*header, "comment"])
            for row in rows:
                values = [row.get(column) for column in header] if isinstance(row, dict) else list(row)
                writer.writerow(["" if value is None else value for value in [*values, ""]])

    write("trigger_library", " ".join(LIBRARY), triggers)
    write("trigger_conditions", "trigger_id signal comparator threshold threshold_high", conditions)
    write_routing(write, rng, [trigger["trigger_id"] for trigger in triggers])
    write(
        "tracking_plan",
        "source_table match_type pattern action is_value_event",
        [
            ("tracks", "event", "invite_blocked", "invite_blocked", "false"),
            ("tracks", "event", "upgrade_clicked", "upgrade_clicked", "false"),
            ("tracks", "event", "feature_used", "feature_used", "false"),
            ("tracks", "event", "project_completed", None, "true"),
            ("tracks", "event", "Goal Reached", None, "true"),
            ("pages", "path_prefix", "/settings/integrations", "integration_page_viewed", "false"),
            ("pages", "path_prefix", "/pricing", "pricing_page_viewed", "false"),
            ("pages", "path_prefix", "/pricing/integrations", "integration_page_viewed", "false"),
        ],
    )
    write(
        "plans",
        "product tier is_seat_priced included_seats included_usage_30d included_storage_gb",
        [
            (
                name if key in catalogue.NAMED_BY_NAME else key,
                tier,
                str(is_seat).lower(),
                None,
                rng.choice([usage, usage, None]) if usage else usage,
                storage,
            )
            for key, (name, tier, is_seat, usage, storage, _) in catalogue.PRODUCTS.items()
        ],
    )
    write("tiers", "tier tier_rank", [(tier, rank) for rank, tier in enumerate(catalogue.TIERS, 1)])
    write("segments", "segment min_employees max_employees", catalogue.SEGMENTS)
    write(
        "features",
        "feature is_advanced",
        [(feature, str(advanced).lower()) for feature, advanced in catalogue.FEATURES.items()],
    )
    write("internal_domains", "domain", [(domain,) for domain in catalogue.OWN_DOMAINS])
    write("legal_suffixes", "suffix", [(suffix,) for suffix in catalogue.SUFFIXES])
    write(
        "opportunity_types",
        "type is_expansion",
        [(kind, str(expands).lower()) for kind, expands in catalogue.OPPORTUNITY_TYPES.items()],
    )
    write("decline_dispositions", "call_disposition", [(name,) for name in catalogue.DISPOSITIONS])
    write("limit_tags", "tag", [(tag,) for tag in catalogue.LIMIT_TAGS])
    write("health_weights", "component weight value_at_0 value_at_100", draw_health(rng))
    write("exchange_rates", "currency valid_from rate", draw_rates(rng, span))
    write("business_holidays", "country_code holiday_on", draw_holidays(rng, span))
    write("free_email_domains", "domain", [(domain,) for domain in catalogue.FREE_DOMAINS])
    write("placeholder_values", "placeholder", [(value,) for value in catalogue.PLACEHOLDERS])
    write("shared_hosts", "host", [(host,) for host in catalogue.SHARED_HOSTS])
    write("executive_titles", "title", [(title,) for title in catalogue.TITLES])
    write("salesy_phrases", "phrase", [("unlock premium features today",)])
    write(
        "plays",
        "play_id play_name offer recommended_action template_id cost_per_touch",
        [("reach_out", "Reach out", "A conversation", "Call the owner of the workspace", "plain", "5")],
    )
    write(
        "message_templates",
        "template_id channel subject body speaks_of",
        [("plain", "email", "Quick fix", "Hello, here is a link: {{ cta_url }}", None)],
    )
    write("council_decisions", "decided_on trigger_id decision from_version to_version reason", [])


def draw_triggers(rng: random.Random, span: Span) -> tuple[list[dict], list[tuple]]:
    """The library: all kinds of triggers, most of them active, with thresholds at reachable edges."""
    pick = rng.choice
    daily = {
        "seat_utilisation_high": [("seat_utilisation", pick([">", ">="]), pick(["0.5", "0.75", "0.8", "1"]), None)],
        "enterprise_ready": [
            ("seat_utilisation", ">", pick(["0.25", "0.5"]), None),
            ("contract_value", pick([">", ">="]), pick(CONTRACT_VALUES), None),
        ],
        "integration_interest": [("integration_page_views_30d", pick([">", ">="]), pick("123"), None)],
        "pricing_page_interest": [("pricing_page_views_14d", pick([">", ">="]), pick("12"), None)],
        "power_users_emerging": [("power_users", ">=", "1", None)],
        "busy_hours": [("usage_hours_7d", pick([">", ">="]), pick(["0.5", "1", "2.5", "20"]), None)],
        "company_growing": [("headcount_growth_90d", pick([">", ">="]), pick(["0.2", "0.25"]), None)],
        "quota_nearly_used": [("quota_utilisation_30d", ">=", pick(["0.25", "0.5", "0.9"]), None)],
        "storage_nearly_full": [("storage_utilisation", ">=", pick(["0.5", "0.9"]), None)],
        "multi_team_rollout": [("max_teams_per_feature_14d", ">=", pick("23"), None)],
        "team_added": [("teams_added_30d", ">=", "1", None), ("active_users_28d", ">=", pick("234"), None)],
        "active_users_surging": [("active_users_growth_28d", pick([">", ">="]), pick(["0.2", "0.25", "0"]), None)],
        "usage_declining": [("active_users_growth_28d", pick(["<", "<="]), pick(["-0.2", "-0.25", "-0.3"]), None)],
        "users_added": [("users_added_30d", "between", "1", pick("23"))],
        "feature_breadth": [("features_adopted_28d", ">=", pick("23"), None)],
        "weekend_activity": [("weekend_active_users_28d", ">=", pick("23"), None)],
        "executive_joined": [("executive_contacts_added_60d", ">=", "1", None)],
        "renewal_window_healthy": [
            ("days_to_renewal", "between", "10", "60"),
            ("health_score", ">=", pick(["60", "75", "80"]), None),
        ],
        "budget_season": [("days_to_fiscal_year_end", "between", "20", "75")],
        "value_milestone_reached": [("value_milestones_30d", ">=", pick("12"), None)],
        "limit_questions": [("limit_tickets_30d", ">=", "1", None)],
        "quiet_support": [("tickets_60d", "=", "0", None), ("contract_value", ">", "0", None)],
        "urgent_ticket_open": [("open_urgent_tickets", ">=", "1", None)],
        "contract_anniversary": [("days_since_anniversary", "=", "0", None)],
        "overdue": [("invoice_days_past_due", pick([">", ">="]), pick(["1", "3", "14"]), None)],
        "small_seats": [("seats_licensed", "<=", pick(["3", "5"]), None)],
        "surge": [("intent_surge_score", ">=", "70", None)],
    }
    # Of its own stream, so that it shifts no other draw.
    limits = random.Random(f"limits {span.first_on}")
    for name, signal in (("seat_utilisation_high", "days_to_seat_limit"), ("quota_nearly_used", "days_to_quota_limit")):
        if limits.random() < 0.5:
            daily[name] = [(signal, limits.choice(["<", "<="]), limits.choice(["14", "30", "90", "365"]), None)]
    event = {"invite_blocked": "invite_blocked", "upgrade_clicked": "upgrade_clicked", "limit_hit": "invite_blocked"}
    groups = rng.sample(["seat_expansion", "tier_upgrade", "enterprise_upgrade", "risk", "renewal"], 3)
    names = list(event) + rng.sample(sorted(daily), rng.randint(9, 13))
    priorities = rng.sample(range(1, 60), len(names))
    priorities[-1] = priorities[0]
    active_from = [
        str(span.first_on - timedelta(days=300)),
        str(span.middle.date()),
        (span.middle - timedelta(days=20)).isoformat(sep=" "),
        (span.middle + timedelta(days=11, hours=13, minutes=5)).isoformat(sep=" "),
    ]
    triggers, conditions = [], []
    for position, name in enumerate(names):
        is_event = name in event
        own = [] if is_event else daily[name]
        if is_event and rng.random() < 0.3:
            own = [("contract_value", ">=", pick(CONTRACT_VALUES), None)]
        conditions += [(name, *condition) for condition in own]
        is_risk = name in ("usage_declining", "urgent_ticket_open", "overdue")
        triggers.append(
            {
                "trigger_id": name,
                "trigger_name": name.replace("_", " ").capitalize(),
                "description": "Drawn at random",
                "category": "risk" if is_risk else "commercial",
                "signal_class": "usage",
                "kind": "event" if is_event else "daily",
                "journey_moment": "use",
                "event_action": event.get(name),
                "min_events": pick([None, 1, 2, 3]) if is_event else None,
                "for_days": None if is_event else pick([None, 1, 1, 2, 3, 5, 7]),
                "rearm": None if is_event else pick([None, "while_true", "while_true", "on_reset"]),
                "burst_minutes": pick([None, 25, 25, 60]) if is_event else None,
                "tiers": "|".join(rng.sample(catalogue.TIERS, 2)) if rng.random() < 0.2 else None,
                "segments": pick(["SMB", "SMB|mid-market", "enterprise"]) if rng.random() < 0.2 else None,
                "min_contract_value": pick(CONTRACT_VALUES) if rng.random() < 0.3 else None,
                "requires_stage": "false" if is_risk or rng.random() < 0.15 else pick([None, "true"]),
                # Of its own stream, so that it shifts no other draw.
                "recheck_conditions": random.Random(f"{span.first_on} {position}").choice([None, "true", "false"]),
                "exclusions": "opted_out" if is_risk else "|".join(rng.sample(EXCLUSIONS, rng.randint(0, 5))) or None,
                "message_group": "risk" if is_risk else pick(groups),
                "cooldown_days": pick([0, 1, 7, 14, 30, 60]),
                "priority": priorities[position],
                "timing": pick(TIMINGS),
                "expansion_types": "contraction|churn"
                if is_risk
                else "|".join(rng.sample(EXPANSION_TYPES, rng.randint(1, 4))),
                "window_days": pick([30, 60, 90]),
                "holdout_pct": pick([0, 10, 12.34, 50, 100]),
                "benchmark_low": "0.2",
                "benchmark_high": "0.4",
                "owner": "growth",
                "play_id": "reach_out",
                "status": rng.choices(["active", "shadow", "retired"], [0.8, 0.15, 0.05])[0],
                "active_from": rng.choices(active_from, [0.6, 0.2, 0.1, 0.1])[0],
                "version": 1,
            }
        )
    return triggers, conditions


def channels_of(role: str, drawn: str) -> str:
    """A role without a person acts through a channel that reaches the customer, or nobody does."""
    return "in_app" if role == "automation" and drawn == "slack" else drawn


def write_routing(write, rng: random.Random, trigger_ids: list[str]) -> None:
    rules = []
    for number in range(1, 6):
        rules.append(
            (
                f"rule_{number}",
                number * 10,
                "|".join(rng.sample(trigger_ids, 3)) if rng.random() < 0.6 else None,
                "|".join(rng.sample(catalogue.TIERS, 2)) if rng.random() < 0.4 else None,
                rng.choice(["SMB", "mid-market|enterprise"]) if rng.random() < 0.3 else None,
                rng.choice(CONTRACT_VALUES) if rng.random() < 0.3 else None,
                role := rng.choice(["AE", "CSM", "automation", "renewal"]),
                rng.choice(["self_serve", "csm_outreach", "joint"]),
                # What nobody owns would reach nobody on staff's channel alone.
                channels_of(role, rng.choice(["email", "email|in_app", "slack"])),
                rng.choice([240, 1440]),
            )
        )
    rules.append(("rule_last", 90, None, None, None, None, "CSM", "csm_outreach", "email", 1440))
    write(
        "routing_rules",
        "rule_id priority trigger_ids tiers segments min_contract_value owner_role motion channels sla_minutes",
        rules,
    )
    write(
        "notification_rules",
        "rule_id trigger_ids tiers segments min_contract_value recipients channel sla_minutes",
        [("notify_csm", None, None, None, "3000", "CSM|AE", "slack", 240)],
    )
    queued = {role for role in ("AE", "CSM", "renewal") if rng.random() < 0.9} | {"renewal"}
    if queued & {"AE", "CSM"}:
        # They stand in for one another.
        queued |= {"AE", "CSM"}
    queues = {role: f"{role.lower()}-queue@teamflow.example" for role in sorted(queued)}
    write(
        "roles",
        "role person_field fallback_role queue_email channel",
        [
            ("AE", "owner", "CSM", queues.get("AE"), "crm_alert"),
            ("CSM", "success_manager", "AE", queues.get("CSM"), "slack"),
            ("renewal", None, None, queues.get("renewal"), "crm_alert"),
            ("automation", None, None, None, None),
        ],
    )


def draw_health(rng: random.Random) -> list[tuple]:
    components = [
        ("invoice_days_past_due", 2, 30, 0),
        ("open_urgent_tickets", 1, 3, 0),
        ("seat_utilisation", rng.choice([1, "1.5"]), 0, rng.choice(["0.5", "0.8"])),
        ("active_users_growth_28d", 1, "-0.5", "0.25"),
        ("features_adopted_28d", "0.5", 0, 3),
    ]
    return components[: rng.randint(2, 5)]


def draw_rates(rng: random.Random, span: Span) -> list[tuple]:
    """Long before the world, and once within it on a random day."""
    rates = []
    for currency, (first, later) in catalogue.RATES.items():
        rates.append((currency, span.first_on - timedelta(days=900), first))
        if currency != "usd":
            rates.append((currency, span.first_on + timedelta(days=rng.randrange(20, span.days)), later))
    return rates


def draw_holidays(rng: random.Random, span: Span) -> list[tuple]:
    """Frequent ones, some beside weekends, so that deliveries meet them."""
    days = range(span.days + 20)
    return [
        (country, span.first_on + timedelta(days=offset))
        for country in catalogue.HOLIDAY_COUNTRIES
        for offset in sorted(rng.sample(days, 25))
    ]
