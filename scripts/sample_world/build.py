"""Runs the world and lands every vendor."""

from __future__ import annotations

import shutil
from pathlib import Path

from .billing import land_billing
from .config import Options
from .crm import land_crm
from .generic import land_generic
from .hubspot import land_hubspot
from .identity import draw_links
from .landing import Landing
from .product import land_product
from .simulate import run
from .support import land_support
from .truth import land_truth

VENDORS = (
    "segment",
    "salesforce",
    "salesforce_history",
    "stripe",
    "zendesk",
    "hubspot",
    "generic",
    "push",
    "readiness",
)


def generate(out: Path, options: Options) -> Landing:
    """Writes raw/ and planted_truth/ below `out`, replacing what an earlier run left there."""
    world = run(options)
    landing = Landing(out, options)
    landing.clear(*VENDORS)
    shutil.rmtree(landing.truth, ignore_errors=True)
    links = draw_links(world)
    land_product(world, landing, links)
    (land_hubspot if options.crm == "hubspot" else land_crm)(world, landing, links)
    land_billing(world, landing, links)
    land_support(world, landing, links)
    land_generic(world, landing, links, options.domains)
    land_truth(world, landing)
    return landing
