"""Vendor tables with their columns, collected as rows and written as Parquet by DuckDB."""

import csv
import json
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import duckdb

TEXT, WHOLE, FLOAT, MOMENT, FLAG = "varchar", "bigint", "double", "timestamp", "boolean"
METADATA = "struct(salesforce_account_id varchar, plan varchar)"
#: Tables that may land as text.
TEXTUAL = [
    ("salesforce", "contact"),
    ("salesforce", "task"),
    ("stripe", "invoice"),
    ("stripe", "invoice_line_item"),
    ("stripe", "subscription_item"),
    ("zendesk", "ticket"),
    ("zendesk", "ticket_field_history"),
    ("segment", "groups"),
    ("segment", "pages"),
    ("segment", "feature_used"),
]
OFFSETS = [0, 2, -7, 5.5]

EVENT = {
    "id": TEXT,
    "anonymous_id": TEXT,
    "user_id": TEXT,
    "event": TEXT,
    "event_text": TEXT,
    "timestamp": MOMENT,
    "original_timestamp": MOMENT,
    "sent_at": MOMENT,
    "received_at": MOMENT,
    "context_group_id": TEXT,
}
PAGE = {key: kind for key, kind in EVENT.items() if key not in ("event", "event_text")}
SUBSCRIPTION = {
    "id": TEXT,
    "customer_id": TEXT,
    "status": TEXT,
    "created": MOMENT,
    "start_date": MOMENT,
    "current_period_start": MOMENT,
    "current_period_end": MOMENT,
    "canceled_at": MOMENT,
    "ended_at": MOMENT,
    "trial_start": MOMENT,
    "trial_end": MOMENT,
    "metadata": TEXT,
    "livemode": FLAG,
    "_fivetran_synced": MOMENT,
}

TABLES = {
    ("segment", "tracks"): EVENT,
    ("segment", "pages"): PAGE | {"url": TEXT, "path": TEXT, "title": TEXT, "name": TEXT},
    ("segment", "screens"): PAGE | {"name": TEXT},
    ("segment", "feature_used"): EVENT | {"feature": TEXT, "team_id": TEXT},
    ("segment", "api_usage"): EVENT | {"quantity": WHOLE},
    ("segment", "identifies"): PAGE | {"email": TEXT, "name": TEXT},
    ("segment", "groups"): {
        "id": TEXT,
        "group_id": TEXT,
        "user_id": TEXT,
        "anonymous_id": TEXT,
        "timestamp": MOMENT,
        "sent_at": MOMENT,
        "received_at": MOMENT,
        "name": TEXT,
        "website": TEXT,
        "storage_used_gb": FLOAT,
    },
    ("salesforce", "account"): {
        "id": TEXT,
        "name": TEXT,
        "website": TEXT,
        "type": TEXT,
        "industry": TEXT,
        "number_of_employees": WHOLE,
        "owner_id": TEXT,
        "parent_id": TEXT,
        "master_record_id": TEXT,
        "is_deleted": FLAG,
        "created_date": MOMENT,
        "billing_country_code": TEXT,
        "onboarding_completed_date_c": MOMENT,
        "expansion_opt_out_date_c": MOMENT,
        "time_zone_c": TEXT,
        "customer_success_manager_id_c": TEXT,
        "stripe_customer_id_c": TEXT,
        "product_group_id_c": TEXT,
        "zendesk_organization_id_c": TEXT,
        "fiscal_year_end_month_c": WHOLE,
        "_fivetran_synced": MOMENT,
    },
    ("salesforce", "contact"): {
        "id": TEXT,
        "account_id": TEXT,
        "email": TEXT,
        "name": TEXT,
        "title": TEXT,
        "created_date": MOMENT,
        "has_opted_out_of_email": FLAG,
        "is_email_bounced": FLAG,
        "email_bounced_date": MOMENT,
        "is_deleted": FLAG,
        "master_record_id": TEXT,
        "_fivetran_synced": MOMENT,
    },
    ("salesforce", "opportunity"): {
        "id": TEXT,
        "account_id": TEXT,
        "name": TEXT,
        "type": TEXT,
        "stage_name": TEXT,
        "amount": FLOAT,
        "created_date": MOMENT,
        "close_date": MOMENT,
        "is_closed": FLAG,
        "is_won": FLAG,
        "last_stage_change_date": MOMENT,
        "last_modified_date": MOMENT,
        "owner_id": TEXT,
        "is_deleted": FLAG,
        "expansion_firing_id_c": TEXT,
        "_fivetran_synced": MOMENT,
    },
    ("salesforce", "task"): {
        "id": TEXT,
        "account_id": TEXT,
        "what_id": TEXT,
        "who_id": TEXT,
        "owner_id": TEXT,
        "subject": TEXT,
        "status": TEXT,
        "is_closed": FLAG,
        "activity_date": MOMENT,
        "completed_date_time": MOMENT,
        "created_date": MOMENT,
        "call_disposition": TEXT,
        "is_deleted": FLAG,
        "expansion_firing_id_c": TEXT,
        "_fivetran_synced": MOMENT,
    },
    ("salesforce", "user"): {
        "id": TEXT,
        "email": TEXT,
        "name": TEXT,
        "is_active": FLAG,
        "manager_id": TEXT,
        "_fivetran_deleted": FLAG,
        "_fivetran_synced": MOMENT,
    },
    ("salesforce_history", "account"): {
        "id": TEXT,
        "number_of_employees": WHOLE,
        "_fivetran_active": FLAG,
        "_fivetran_start": MOMENT,
        "_fivetran_end": MOMENT,
    },
    ("salesforce_history", "opportunity"): {
        "id": TEXT,
        "account_id": TEXT,
        "type": TEXT,
        "stage_name": TEXT,
        "amount": FLOAT,
        "is_closed": FLAG,
        "is_won": FLAG,
        "created_date": MOMENT,
        "close_date": MOMENT,
        "_fivetran_active": FLAG,
        "_fivetran_start": MOMENT,
        "_fivetran_end": MOMENT,
    },
    ("stripe", "customer"): {
        "id": TEXT,
        "created": MOMENT,
        "email": TEXT,
        "name": TEXT,
        "currency": TEXT,
        "metadata": TEXT,
        "livemode": FLAG,
        "is_deleted": FLAG,
        "_fivetran_synced": MOMENT,
    },
    ("stripe", "subscription"): SUBSCRIPTION,
    ("stripe", "subscription_history"): SUBSCRIPTION
    | {"_fivetran_active": FLAG, "_fivetran_start": MOMENT, "_fivetran_end": MOMENT},
    ("stripe", "subscription_item"): {
        "id": TEXT,
        "subscription_id": TEXT,
        "plan_id": TEXT,
        "quantity": WHOLE,
        "created": MOMENT,
        "current_period_start": MOMENT,
        "current_period_end": MOMENT,
        "metadata": TEXT,
        "_fivetran_synced": MOMENT,
    },
    ("stripe", "price"): {
        "id": TEXT,
        "product_id": TEXT,
        "active": FLAG,
        "currency": TEXT,
        "unit_amount": WHOLE,
        "unit_amount_decimal": TEXT,
        "billing_scheme": TEXT,
        "tiers_mode": TEXT,
        "tax_behavior": TEXT,
        "transform_quantity_divide_by": WHOLE,
        "transform_quantity_round": TEXT,
        "recurring_interval": TEXT,
        "recurring_interval_count": WHOLE,
        "recurring_usage_type": TEXT,
        "type": TEXT,
        "livemode": FLAG,
        "is_deleted": FLAG,
        "created": MOMENT,
    },
    ("stripe", "plan"): {
        "id": TEXT,
        "product_id": TEXT,
        "active": FLAG,
        "amount": WHOLE,
        "currency": TEXT,
        "billing_scheme": TEXT,
        "interval": TEXT,
        "interval_count": WHOLE,
        "usage_type": TEXT,
        "livemode": FLAG,
        "is_deleted": FLAG,
        "created": MOMENT,
    },
    ("stripe", "product"): {
        "id": TEXT,
        "name": TEXT,
        "active": FLAG,
        "type": TEXT,
        "livemode": FLAG,
        "is_deleted": FLAG,
        "created": MOMENT,
    },
    ("stripe", "invoice"): {
        "id": TEXT,
        "customer_id": TEXT,
        "subscription_id": TEXT,
        "status": TEXT,
        "billing_reason": TEXT,
        "created": MOMENT,
        "period_start": MOMENT,
        "period_end": MOMENT,
        "amount_due": WHOLE,
        "currency": TEXT,
        "paid": FLAG,
        "due_date": MOMENT,
        "status_transitions_finalized_at": MOMENT,
        "status_transitions_paid_at": MOMENT,
        "status_transitions_voided_at": MOMENT,
        "status_transitions_marked_uncollectible_at": MOMENT,
        "livemode": FLAG,
        "is_deleted": FLAG,
        "_fivetran_synced": MOMENT,
    },
    ("stripe", "invoice_line_item"): {
        "id": TEXT,
        "invoice_id": TEXT,
        "subscription_id": TEXT,
        "subscription_item_id": TEXT,
        "plan_id": TEXT,
        "price_id": TEXT,
        "type": TEXT,
        "proration": FLAG,
        "amount": WHOLE,
        "quantity": WHOLE,
        "unit_amount_excluding_tax": TEXT,
        "currency": TEXT,
        "period_start": MOMENT,
        "period_end": MOMENT,
        "livemode": FLAG,
        "_fivetran_synced": MOMENT,
    },
    ("zendesk", "organization"): {
        "id": WHOLE,
        "name": TEXT,
        "external_id": TEXT,
        "created_at": MOMENT,
        "domain_names": TEXT,
        "_fivetran_synced": MOMENT,
    },
    ("zendesk", "domain_name"): {"organization_id": WHOLE, "index": WHOLE, "domain_name": TEXT},
    ("zendesk", "user"): {
        "id": WHOLE,
        "email": TEXT,
        "name": TEXT,
        "role": TEXT,
        "organization_id": WHOLE,
        "active": FLAG,
        "created_at": MOMENT,
        "_fivetran_deleted": FLAG,
    },
    ("zendesk", "ticket"): {
        "id": WHOLE,
        "organization_id": WHOLE,
        "requester_id": WHOLE,
        "status": TEXT,
        "priority": TEXT,
        "type": TEXT,
        "subject": TEXT,
        "created_at": MOMENT,
        "updated_at": TEXT,
        "merged_ticket_ids": TEXT,
        "_fivetran_deleted": FLAG,
        "_fivetran_synced": MOMENT,
    },
    ("zendesk", "ticket_field_history"): {
        "ticket_id": WHOLE,
        "field_name": TEXT,
        "value": TEXT,
        "updated": MOMENT,
        "user_id": WHOLE,
    },
    ("zendesk", "ticket_tag"): {"ticket_id": WHOLE, "tag": TEXT},
}


def vendors_own_spelling(column: str) -> str:
    """AccountId for account_id; time_zone__c for the custom time_zone_c; the connector's columns stay."""
    if column.startswith("_fivetran"):
        return column
    if column.endswith("_c"):
        return column.removesuffix("_c") + "__c"
    return "".join(part.capitalize() for part in column.split("_"))


def spelled(value):
    return str(value) if isinstance(value, (date, datetime)) else value


def as_text(value, number: int) -> str:
    """A value in a CSV file: moments at changing offsets, nothing by a word for it."""
    if value is None:
        return ["", "NULL", "\\N"][number % 3]
    if isinstance(value, datetime):
        hours = OFFSETS[number % len(OFFSETS)]
        offset = timezone(timedelta(hours=hours))
        local = value.replace(tzinfo=UTC).astimezone(offset) if value.year < 9_000 else value
        return local.isoformat(sep=" T"[number % 2])
    if isinstance(value, bool):
        return ["true", "TRUE", "t"][number % 3] if value else ["false", "FALSE", "f"][number % 3]
    return str(value)


class Tables:
    """Rows by vendor and table, and their way to Parquet."""

    def __init__(self):
        self.rows: dict[tuple[str, str], list[dict]] = {key: [] for key in TABLES}
        self.absent: set[tuple[str, str]] = set()
        self.extra_columns: dict[tuple[str, str], dict[str, str]] = {}
        self.has_vendors_spelling = False
        self.as_text: set[tuple[str, str]] = set()

    def add(self, vendor: str, table: str, **values) -> dict:
        unknown = values.keys() - TABLES[vendor, table].keys() - self.extra_columns.get((vendor, table), {}).keys()
        assert not unknown, f"{vendor}.{table} has no {unknown}"
        self.rows[vendor, table].append(values)
        return values

    def named(self, vendor: str, columns: list[str]) -> dict[str, str]:
        is_spelled = vendor == "salesforce" and self.has_vendors_spelling
        return {column: vendors_own_spelling(column) if is_spelled else column for column in columns}

    def write_text(self, file: Path, rows: list[dict], columns: list[str], vendor: str) -> None:
        with file.open("w", newline="", encoding="utf-8") as lines:
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(self.named(vendor, columns).values())
            for number, row in enumerate(rows):
                writer.writerow([as_text(row.get(column), number + step) for step, column in enumerate(columns)])

    def write(self, raw_dir: Path) -> None:
        connection = duckdb.connect()
        connection.execute("set threads = 1; set TimeZone = 'UTC'")
        for (vendor, table), columns in TABLES.items():
            if (vendor, table) in self.absent:
                continue
            columns = columns | self.extra_columns.get((vendor, table), {})
            folder = raw_dir / vendor / table
            folder.mkdir(parents=True, exist_ok=True)
            if (vendor, table) in self.as_text and self.rows[vendor, table]:
                self.write_text(folder / "x.csv", self.rows[vendor, table], list(columns), vendor)
                continue
            draft = folder / "x.json"
            with draft.open("w", encoding="utf-8") as file:
                for row in self.rows[vendor, table]:
                    values = {column: spelled(row.get(column)) for column in columns}
                    for column, kind in columns.items():
                        if kind == METADATA and values[column]:
                            values[column] = json.loads(values[column])
                    file.write(json.dumps(values) + "\n")
            named = self.named(vendor, list(columns))
            selected = ", ".join(f'"{column}" as "{name}"' for column, name in named.items())
            kinds = ", ".join(f"'{column}': '{kind}'" for column, kind in columns.items())
            source = f"read_json('{draft}', format = 'newline_delimited', columns = {{{kinds}}})"
            if not self.rows[vendor, table]:
                source = "(select " + ", ".join(f'null::{k} as "{c}"' for c, k in columns.items()) + " limit 0)"
            connection.execute(f"copy (select {selected} from {source}) to '{folder}/x.parquet' (format parquet)")
            draft.unlink()
        connection.close()
