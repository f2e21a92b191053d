"""Names, domains and the ways in which each vendor's records lead to an account."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from .landing import codes, unit
from .simulate import World

WORDS = [
    "Amber",
    "Birch",
    "Cobalt",
    "Delta",
    "Ember",
    "Fjord",
    "Granite",
    "Harbor",
    "Indigo",
    "Juniper",
    "Krypton",
    "Lumen",
    "Maple",
    "Nimbus",
    "Orchid",
    "Prism",
    "Quartz",
    "Raven",
    "Sable",
    "Tundra",
    "Umber",
    "Vertex",
    "Willow",
    "Xenon",
    "Yonder",
    "Zephyr",
    "Alpine",
    "Beacon",
    "Cinder",
    "Drift",
    "Echo",
    "Falcon",
    "Glacier",
    "Hazel",
    "Iris",
    "Jasper",
    "Kestrel",
    "Lantern",
    "Meridian",
    "North",
]
TRADES = [
    "Analytics",
    "Works",
    "Labs",
    "Foods",
    "Logistics",
    "Health",
    "Energy",
    "Studios",
    "Systems",
    "Partners",
    "Media",
    "Robotics",
    "Textiles",
    "Finance",
    "Travel",
    "Optics",
    "Metals",
    "Games",
    "Retail",
    "Software",
    "Design",
    "Bikes",
    "Biotech",
    "Chemicals",
    "Freight",
    "Insurance",
    "Legal",
    "Motors",
    "Networks",
    "Paper",
]
SUFFIX = {"US": "Inc", "CA": "Ltd", "AU": "Pty Ltd", "DE": "GmbH", "FR": "SAS", "NL": "B.V.", "GB": "Ltd", "JP": "K.K."}


@dataclasses.dataclass
class Links:
    """Per account: its names, and per vendor the group, customer or organisation and how it is linked."""

    accounts: pd.DataFrame
    groups: pd.DataFrame
    extra: pd.DataFrame


def other_id(world: World, kind: str, number: int) -> str:
    """Id of a CRM account beside the world's own ones."""
    if world.options.crm == "hubspot":
        return str(91_000_000_000 + 100_000_000 * "MDANGF".index(kind) + number)
    return f"001TF{kind}{number:012d}"


def draw_links(world: World) -> Links:
    seed = world.options.seed
    acc = world.accounts
    n = acc.account.to_numpy()
    words = [
        f"{WORDS[i % len(WORDS)]} {TRADES[(i // len(WORDS)) % len(TRADES)]}"
        for i in (n * 7919 + 13) % (len(WORDS) * len(TRADES))
    ]
    rounds = n // (len(WORDS) * len(TRADES))
    plain = [w if r == 0 else f"{w} {r + 1}" for w, r in zip(words, rounds, strict=False)]
    names = [f"{p} {SUFFIX[c]}" for p, c in zip(plain, acc.country, strict=False)]
    domain = [p.lower().replace(" ", "") + ".example" for p in plain]
    frame = pd.DataFrame({"account": n, "account_id": acc.account_id, "name": names, "plain": plain, "domain": domain})
    # How each vendor's record finds the account: 0 and 1 by foreign id on either side, 2 by domain, 3 by name.
    for vendor, topic in (("product", 81), ("billing", 82), ("support", 83)):
        frame[vendor] = np.searchsorted([0.40, 0.65, 0.88], unit(seed, topic, n))
    frame["customer_id"] = codes("cus_", seed, 84, n)
    frame["organization_id"] = 360_000_000 + n
    frame["loser_id"] = None
    if "deleted_and_merged_accounts" in world.options.dirt:
        merged = (unit(seed, 86, n) < 0.02) & (acc.start_day.to_numpy() < -30)
        frame["loser_id"] = np.where(merged, [other_id(world, "M", i) for i in n], None)
    # The id by which others know the account: of a merged one the duplicate's.
    frame["known_id"] = np.where(frame.loser_id.isna(), frame.account_id, frame.loser_id)
    by_name = frame["product"] == 3
    groups = pd.DataFrame(
        {
            "account": n,
            "group_id": np.where(frame["product"] == 0, frame.known_id, codes("ws_", seed, 85, n)),
            "domain": frame.domain,
            "trait_name": np.where(by_name, [f"{p}" for p in plain], names),
            "trait_website": np.where(frame["product"] == 3, None, "https://www." + frame.domain + "/about"),
        }
    )
    return Links(frame, groups, extra_accounts(world, frame))


def extra_accounts(world: World, frame: pd.DataFrame) -> pd.DataFrame:
    """CRM accounts without a life of their own: duplicates, deleted ones, prospects that share a domain or a name."""
    dirt, rows = world.options.dirt, []
    old = frame[world.accounts.start_day.to_numpy() < -30]
    for row in old[old.loser_id.notna()].itertuples():
        rows.append((row.loser_id, row.name, row.domain, True, row.account_id))
    if "deleted_and_merged_accounts" in dirt:
        for i in range(max(3, len(frame) // 100)):
            rows.append((other_id(world, "D", i), f"Gone Company {i} Ltd", f"gone{i}.example", True, None))
    if "odd_organisations" in dirt:
        shared = old[(old.support == 2) & (old["product"] != 2) & (old.billing != 2) & old.loser_id.isna()].head(
            max(3, len(frame) // 120)
        )
        for i, row in enumerate(shared.itertuples()):
            rows.append(
                (other_id(world, "A", i), f"{row.plain} Subsidiary {i}", f"http://www.{row.domain}/", False, None)
            )
        twins = old[(old.support == 3) & (old["product"] != 3) & (old.billing != 3) & old.loser_id.isna()].head(
            max(2, len(frame) // 300)
        )
        for i, row in enumerate(twins.itertuples()):
            rows.append((other_id(world, "N", i), f"{row.plain.upper()}, LLC", f"twin{i}.example", False, None))
        rows.append((other_id(world, "G", 1), "GTXPro", "gtxpro.example", False, None))
        rows.append((other_id(world, "G", 2), "GTX Pro", "gtx-pro.example", False, None))
    if "free_email_domains" in dirt:
        rows.append((other_id(world, "F", 1), "One Person Consulting", "gmail.com", False, None))
    return pd.DataFrame(rows, columns=["account_id", "name", "website", "is_deleted", "master_record_id"])
