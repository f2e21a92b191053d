"""Names, domains and the ways in which each vendor's records lead to an account."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from .landing import codes, unit
from .simulate import World

WORDS = """Amber Birch Cobalt Delta Ember Fjord Granite Harbor Indigo Juniper Krypton Lumen Maple Nimbus Orchid Prism Quartz Raven Sable Tundra
Umber Vertex Willow Xenon Yonder Zephyr Alpine Beacon Cinder Drift Echo Falcon Glacier Hazel Iris Jasper Kestrel Lantern Meridian North""".split()
TRADES = """Analytics Works Labs Foods Logistics Health Energy Studios Systems Partners Media Robotics Textiles Finance Travel Optics Metals Games
Retail Software Design Bikes Biotech Chemicals Freight Insurance Legal Motors Networks Paper""".split()
SUFFIX = {"US": "Inc", "CA": "Ltd", "AU": "Pty Ltd", "DE": "GmbH", "FR": "SAS", "NL": "B.V.", "GB": "Ltd", "JP": "K.K."}


@dataclasses.dataclass
class Links:
    """Per account: its names, and per vendor the group, customer or organisation and how it is linked."""

    accounts: pd.DataFrame
    groups: pd.DataFrame


def draw_links(world: World) -> Links:
    seed = world.options.seed
    acc = world.accounts
    n = acc.account.to_numpy()
    words = [f"{WORDS[i % len(WORDS)]} {TRADES[(i // len(WORDS)) % len(TRADES)]}" for i in (n * 7919 + 13) % (len(WORDS) * len(TRADES))]
    rounds = n // (len(WORDS) * len(TRADES))
    plain = [w if r == 0 else f"{w} {r + 1}" for w, r in zip(words, rounds)]
    names = [f"{p} {SUFFIX[c]}" for p, c in zip(plain, acc.country)]
    domain = [p.lower().replace(" ", "") + ".example" for p in plain]
    frame = pd.DataFrame({"account": n, "account_id": acc.account_id, "name": names, "plain": plain, "domain": domain})
    # How each vendor's record finds the account: 0 and 1 by foreign id on either side, 2 by domain, 3 by name.
    for vendor, topic in (("product", 81), ("billing", 82), ("support", 83)):
        frame[vendor] = np.searchsorted([0.40, 0.65, 0.88], unit(seed, topic, n))
    if world.options.crm == "hubspot":
        frame["domain"] = frame.domain
    frame["customer_id"] = codes("cus_", seed, 84, n)
    frame["organization_id"] = 360_000_000 + n
    by_name = frame["product"] == 3
    groups = pd.DataFrame({
        "account": n, "group_id": np.where(frame["product"] == 0, frame.account_id, codes("ws_", seed, 85, n)), "domain": frame.domain,
        "trait_name": np.where(by_name, [f"{p}" for p in plain], names), "trait_website": np.where(frame["product"] == 3, None, "https://www." + frame.domain + "/about"),
    })
    return Links(frame, groups)
