"""A signed webhook (Standard Webhooks): one POST a firing under a stable id, so that the receiver can drop repeats."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from standardwebhooks.webhooks import Webhook

from ..errors import Refused, Stop
from ..http import Client, NoAuthentication, check_url
from ..mapping import Mapping, ObjectMapping, json_text
from ..rows import Result, Row
from ..settings import Settings
from .base import Destination

GONE = 410


class WebhookDestination(Destination):
    """At least once: `webhook-id` is the firing's id, or `<id>:closed`."""

    name = "webhook"
    commit_size = 50
    known_settings = frozenset({"type_prefix"})

    def __init__(self, mapping: Mapping, settings: Settings) -> None:
        super().__init__(mapping, settings)
        self._url = check_url(settings.require_secret("WEBHOOK_URL"), "WEBHOOK_URL")
        try:
            self._signer = Webhook(settings.require_secret("WEBHOOK_SECRET"))
        except (ValueError, RuntimeError):
            raise Refused("WEBHOOK_SECRET is not a Standard Webhooks secret (whsec_ and base64).") from None
        self._client = Client(self._url, settings, self.options, NoAuthentication())

    def payload(self, mapping: ObjectMapping, row: dict[str, Any]) -> dict[str, Any]:
        prefix = self.options.get("type_prefix", "expansion")
        return {"type": f"{prefix}.{mapping.object}.{row['event']}", "data": mapping.payload(row)}

    def send(self, rows: list[Row]) -> list[Result]:
        (row,) = rows
        moment = datetime.now(UTC)
        body = json_text(row.payload)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": row.key,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": self._signer.sign(row.key, moment, body),
        }
        try:
            answer = self._client.request("POST", self._url, content=body.encode(), headers=headers, needs_answer=False)
        except Stop as stop:
            if stop.status_code == GONE:
                raise Stop("gone", GONE) from None
            raise
        return [Result(row.key, "delivered", answer.status_code)]

    @property
    def requests(self) -> int:
        return self._client.requests

    def close(self) -> None:
        self._client.close()
