"""The destinations by name."""

from __future__ import annotations

from importlib import import_module

from ..errors import Refused
from .base import Destination

CLASSES = {
    "file": "file.FileDestination",
    "webhook": "webhook.WebhookDestination",
    "hubspot": "hubspot.HubSpotDestination",
    "salesforce": "salesforce.SalesforceDestination",
    "slack": "slack.SlackDestination",
    "hightouch": "sync_tools.HightouchDestination",
    "census": "sync_tools.CensusDestination",
}


def destination_class(name: str) -> type[Destination]:
    """The class of a destination; imported only when it is asked for."""
    if name not in CLASSES:
        raise Refused(f"There is no destination {name}; known are {', '.join(CLASSES)}.")
    module, attribute = CLASSES[name].split(".")
    return getattr(import_module(f"{__name__}.{module}"), attribute)
