"""Invoices that were open, and the lines that stand."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from .identity import Identity
from .loading import DELETION, Landing, boolean, ident, is_live, number, timestamp, word


@dataclass
class Invoice:
    opened_at: datetime
    settled_at: datetime | None
    due_on: date

    def is_open(self, before: datetime) -> bool:
        return self.opened_at < before and (self.settled_at is None or self.settled_at >= before)


def load_invoices(landing: Landing, identity: Identity) -> dict[str, list[Invoice]]:
    """The invoices that were ever open, by account."""
    invoices = defaultdict(list)
    for row in invoice_rows(landing):
        account_id = identity.customers.get(row["customer_id"])
        own_time = {
            "paid": row["status_transitions_paid_at"],
            "void": row["status_transitions_voided_at"],
            "uncollectible": row["status_transitions_marked_uncollectible_at"],
        }
        never_open = row["status"] in own_time and own_time[row["status"]] is None
        opened_at = row["finalized_at"] or row["created"]
        if not account_id or row["status"] == "draft" or not is_live(row) or never_open or not opened_at:
            continue
        settled = [moment for moment in own_time.values() if moment]
        invoices[account_id].append(
            Invoice(opened_at, min(settled, default=None), (row["due_date"] or opened_at).date())
        )
    return dict(invoices)


def invoice_rows(landing: Landing) -> list[dict]:
    rows = landing.rows(
        "stripe",
        "invoice",
        {
            "id": ident,
            "customer_id": ident,
            "subscription_id": ident,
            "status": word,
            "created": timestamp,
            "due_date": timestamp,
            "status_transitions_finalized_at": timestamp,
            "finalized_at": timestamp,
            "status_transitions_paid_at": timestamp,
            "status_transitions_voided_at": timestamp,
            "status_transitions_marked_uncollectible_at": timestamp,
            "livemode": boolean,
            **DELETION,
        },
        required=("id",),
    )
    for row in rows:
        row["finalized_at"] = row["status_transitions_finalized_at"] or row["finalized_at"]
    return [row for row in rows if row["livemode"] is not False]


def live_lines(landing: Landing) -> tuple[list[dict], list[dict]]:
    """Lines of items, positive and negative: those on invoices that stand, and those on drafts."""
    invoices = {row["id"]: row for row in invoice_rows(landing) if row["status"] != "void" and is_live(row)}
    lines, drafts = [], []
    for row in landing.rows(
        "stripe",
        "invoice_line_item",
        {
            "id": ident,
            "invoice_id": ident,
            "subscription_id": ident,
            "subscription_item_id": ident,
            "plan_id": ident,
            "price_id": ident,
            "type": word,
            "proration": boolean,
            "amount": number,
            "amount_excluding_tax": number,
            "unit_amount_excluding_tax": number,
            "quantity": number,
            "currency": word,
            "period_start": timestamp,
            "period_end": timestamp,
            "livemode": boolean,
            **DELETION,
        },
        required=("id", "invoice_id", "amount", "currency", "period_start"),
    ):
        invoice = invoices.get(row["invoice_id"])
        speaks_of_an_item = row["subscription_item_id"] and (row["type"] == "subscription" or row["proration"])
        is_temporary = row["id"].startswith("sub")
        if invoice and speaks_of_an_item and not is_temporary and is_live(row) and row["livemode"] is not False:
            row["invoice_created"] = invoice["created"] or datetime.min
            row["subscription_id"] = row["subscription_id"] or invoice["subscription_id"]
            row["proration"] = bool(row["proration"])
            row["quantity"] = 1 if row["quantity"] is None else int(row["quantity"])
            (drafts if invoice["status"] == "draft" else lines).append(row)
    lines.sort(key=lambda row: (row["period_start"], row["invoice_created"], row["id"]))
    return lines, drafts
