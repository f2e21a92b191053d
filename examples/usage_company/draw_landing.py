#!/usr/bin/env python3
"""Draw Meterly's landing: `python draw_landing.py data` writes data/raw, as the connectors would. README.md says what is in it.

Every number that a firing rests on stands in ACCOUNTS or CLICKS below; there is no chance in it.
"""

from __future__ import annotations

import csv
import sys
import zlib
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path

FIRST, LAST = date(2026, 4, 1), date(2026, 6, 30)  # days with calls
NOW = "2026-07-01 00:00:00"
FREE, TALK, SCALE = "price_free", "price_talk", "price_scale_year_usd"
# key: name, domain, price, paid from, paid until, owner, engineer
ACCOUNTS = {
    101: ("Alder Telecare", "alder.example", TALK, "2026-01-01", None, 11, 12),
    102: ("Birch Couriers", "birch.example", TALK, "2026-01-01", None, 11, 12),
    103: ("Cedar Logistics", "cedar.example", TALK, "2026-01-01", None, 11, None),
    104: ("Dogwood Labs", "dogwood.example", FREE, "2026-01-01", None, 11, None),
    105: ("Elm Studio", "elm.example", TALK, "2026-01-01", None, 11, None),
    106: ("Fir Clinics North", "fir.example", TALK, "2026-01-01", None, 11, None),
    107: ("Fir Clinics South", "fir.example", TALK, "2026-01-01", None, 11, None),
    108: ("Ginkgo Taxi", "ginkgo.example", TALK, "2026-06-10", None, 11, None),
    109: ("Hazel Hotels", "hazel.example", TALK, "2026-01-01", "2026-06-01", 11, None),
    110: ("Ivy Insurance", "ivy.example", SCALE, "2025-09-25", None, 13, 12),
    111: ("Juniper Repairs", "juniper.example", TALK, "2026-01-01", None, 11, None),
}
# Minutes a day, and from 26 May on, the first of 30 days that end on 24 June. The plans are Talk: 1000 minutes in 30 days.
MINUTES = {101: (20, 30), 102: (20, 30), 103: (25, 25)}
ONE_LESS = (102, date(2026, 6, 10))  # Birch: 899 minutes in every 30 days that hold this day, 900 in none
UNPAID = (111, "2026-05-01")  # Juniper: the invoice of that day is open, due the same day
METERED = {103: {"2026-04-01": 15_000, "2026-05-01": 20_000}}  # Cedar: calls abroad, cents by month
CLICKS = {  # user: when
    "dispatch@cedar.example": "2026-06-29 09:00:00",
    "dev@dogwood.example": "2026-06-18 10:00:00",
    "elm.studio@gmail.com": "2026-06-22 10:00:00",
    "desk@fir.example": "2026-06-23 10:00:00",
    "radio@ginkgo.example": "2026-06-25 10:00:00",
    "desk@hazel.example": "2026-06-12 10:00:00",
    "office@juniper.example": "2026-06-15 10:00:00",
    "sales@meterly.example": "2026-06-24 10:00:00",
}
PEOPLE = {11: "amelia", 12: "sefa", 13: "anton"}  # owners of HubSpot; Anton has left
PRICES = {  # price: product, cents, currency, interval, usage
    FREE: ("prod_free", 0, "eur", "month", "licensed"),
    TALK: ("prod_talk", 10_000, "eur", "month", "licensed"),
    SCALE: ("prod_scale", 1_200_000, "usd", "year", "licensed"),
    "price_abroad": ("prod_abroad", 2, "eur", "month", "metered"),
}


def main(folder: Path) -> None:
    tables: dict[str, list[dict]] = defaultdict(list)
    catalogue(tables)
    for key in ACCOUNTS:
        company(tables, key)
        billing(tables, key)
    product(tables)
    for name, rows in tables.items():
        file = folder / "raw" / name / "part.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)


def catalogue(tables: dict[str, list[dict]]) -> None:
    for number, name in PEOPLE.items():
        tables["hubspot/owner"].append(
            {
                "owner_id": number,
                "email": f"{name}@meterly.example",
                "first_name": name.title(),
                "last_name": "Meterly",
                "active_user_id": "" if number == 13 else 900 + number,
                "_fivetran_deleted": "false",
            }
        )
    for price, (name, cents, currency, interval, usage) in PRICES.items():
        tables["stripe/price"].append(
            {
                "id": price,
                "product_id": name,
                "currency": currency,
                "unit_amount": cents,
                "billing_scheme": "per_unit",
                "recurring_interval": interval,
                "recurring_interval_count": 1,
                "recurring_usage_type": usage,
            }
        )
        tables["stripe/product"].append({"id": name, "name": name.removeprefix("prod_").title()})


def company(tables: dict[str, list[dict]], key: int) -> None:
    name, domain, _, _, _, owner, engineer = ACCOUNTS[key]
    tables["hubspot/company"].append(
        {
            "id": key,
            "property_name": name,
            "property_domain": domain,
            "property_numberofemployees": 50,
            "property_hubspot_owner_id": owner,
            "property_solutions_engineer": engineer,
            "property_createdate": "2025-09-01 08:00:00",
            "property_hs_timezone": "europe_slash_berlin",
            "property_country": "Germany",
            "property_stripe_customer_id": f"cus_{key}",
            "_fivetran_deleted": "false",
        }
    )
    tables["hubspot/contact"].append(
        {
            "id": 5000 + key,
            "property_associatedcompanyid": key,
            "property_email": f"boss@{domain}",
            "property_firstname": "Robin",
            "property_jobtitle": "Managing Director",
            # One every four weeks: a table that is read daily and stands still would be told.
            "property_createdate": datetime(2025, 9, 2, 8) + timedelta(weeks=4 * (key - 101)),
            "_fivetran_deleted": "false",
        }
    )


def billing(tables: dict[str, list[dict]], key: int) -> None:
    name, _, price, start, end, _, _ = ACCOUNTS[key]
    _, cents, currency, interval, _ = PRICES[price]
    periods = months(start, end or NOW) if interval == "month" else [(start, "2026-09-25")]
    tables["stripe/customer"].append({"id": f"cus_{key}", "name": name, "created": f"{start} 00:00:00"})
    tables["stripe/subscription"].append(
        {
            "id": f"sub_{key}",
            "customer_id": f"cus_{key}",
            "status": "canceled" if end else "active",
            "created": f"{start} 00:00:00",
            "current_period_end": f"{periods[-1][1]} 00:00:00",
            "ended_at": f"{end} 00:00:00" if end else "",
        }
    )
    items = [("base", price)] + ([("abroad", "price_abroad")] if key in METERED else [])
    for item, item_price in items:
        tables["stripe/subscription_item"].append(
            {
                "id": f"si_{key}_{item}",
                "subscription_id": f"sub_{key}",
                "plan_id": item_price,
                "quantity": 1 if item == "base" else "",
                "_fivetran_synced": f"{start} 00:00:00",
            }
        )
    for number, (period_start, period_end) in enumerate(periods):
        is_open = (key, period_start) == UNPAID
        invoice = f"in_{key}_{number}"
        tables["stripe/invoice"].append(
            {
                "id": invoice,
                "customer_id": f"cus_{key}",
                "subscription_id": f"sub_{key}",
                "status": "open" if is_open else "paid",
                "created": f"{period_start} 00:00:00",
                "due_date": f"{period_start} 00:00:00",
                "status_transitions_paid_at": "" if is_open else f"{period_start} 00:00:00",
            }
        )
        lines = [("base", price, cents, 1, period_start, period_end)]
        # Calls abroad are billed with the next month.
        lines += [
            ("abroad", "price_abroad", amount, amount // 2, month, period_start)
            for month, amount in METERED.get(key, {}).items()
            if number and periods[number - 1][0] == month
        ]
        for item, item_price, amount, quantity, line_start, line_end in lines:
            tables["stripe/invoice_line_item"].append(
                {
                    "id": f"il_{key}_{number}_{item}",
                    "invoice_id": invoice,
                    "subscription_id": f"sub_{key}",
                    "subscription_item_id": f"si_{key}_{item}",
                    "price_id": item_price,
                    "type": "subscription",
                    "proration": "false",
                    "amount": amount,
                    "quantity": quantity,
                    "currency": currency,
                    "period_start": f"{line_start} 00:00:00",
                    "period_end": f"{line_end} 00:00:00",
                }
            )


def product(tables: dict[str, list[dict]]) -> None:
    """People press buttons in the console; lines, which are users too, make calls. No event names a group."""
    users = {f"boss@{ACCOUNTS[key][1]}" for key in (101, 102)} | set(CLICKS)
    lines = {key: f"line@{ACCOUNTS[key][1]}" for key in MINUTES}
    for email in sorted(users | set(lines.values())):
        tables["segment/identifies"].append(
            {
                "id": f"i-{user(email)}",
                "user_id": user(email),
                "email": email,
                "timestamp": f"{FIRST} 07:00:00",
                "received_at": f"{FIRST} 07:00:00",
            }
        )
    days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
    opened = [(email, f"{day} 08:00:00", "Console Opened") for email in sorted(users) for day in days]
    clicked = [(email, at, "Upgrade Clicked") for email, at in CLICKS.items()]
    # The newest receipt is the clock: the landing was read at NOW.
    last = [("sales@meterly.example", NOW, "Console Opened")]
    for number, (email, at, event) in enumerate(opened + clicked + last):
        tables["segment/tracks"].append(
            {"id": f"t-{number}", "user_id": user(email), "timestamp": at, "received_at": at, "event": event}
        )
    for day in days:
        for key, (before, after) in MINUTES.items():
            minutes = (after if day >= date(2026, 5, 26) else before) - ((key, day) == ONE_LESS)
            at = datetime(day.year, day.month, day.day, 12)
            tables["segment/minutes_billed"].append(
                {
                    "id": f"m-{key}-{day}",
                    "user_id": user(lines[key]),
                    "timestamp": at,
                    "received_at": at + timedelta(minutes=5),
                    "minutes": minutes,
                }
            )


def user(email: str) -> str:
    """The product's own id of a user, which holds no address."""
    return f"user-{zlib.crc32(email.encode())}"


def months(start: str, end: str) -> list[tuple[str, str]]:
    """Monthly periods from a day on, the last one begun before the end."""
    periods, at = [], date.fromisoformat(start)
    while at.isoformat() < end[:10]:
        following = date(at.year + at.month // 12, at.month % 12 + 1, at.day)
        periods.append((at.isoformat(), following.isoformat()))
        at = following
    return periods


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "data"))
