"""Slack alerts as Block Kit messages, by bot token or incoming webhook.

Slack has no idempotency key: when an answer is lost nobody knows whether the message was posted. Such an alert becomes
`unknown` and is not repeated by itself.
"""

from __future__ import annotations

import json
import re
import time
from datetime import datetime
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import ActionsBlock, ContextBlock, LinkButtonElement, MarkdownTextObject, SectionBlock

from ..errors import BatchRefused, Refused, Stop, Transient, clean_error_class
from ..http import GONE, BearerToken, Client, NoAuthentication, check_url
from ..mapping import Mapping, ObjectMapping
from ..rows import CLOSED, Result, Row
from ..settings import Settings
from ..warehouse import Mart
from .base import Destination

SECTION_LIMIT, CONTEXT_LIMIT, URL_LIMIT, BUTTON_LIMIT, TEXT_LIMIT = 3000, 2000, 3000, 5, 4000
SLOTS = {"title", "body", "recipient_role", "alert_email", "sla_due_at", "links"}
LINK_TEXTS = {"view_url": "View account", "cta_url": "Open offer", "book_call_url": "Book a call"}
STOPPING = {
    "invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "missing_scope",
    "no_permission", "org_login_required", "ekm_access_denied", "access_denied", "not_allowed_token_type",
}  # fmt: skip
# Slack says itself that part of such a call may have succeeded.
UNCERTAIN = {"fatal_error", "internal_error", "service_unavailable", "request_timeout"}


# Slack's own marks - bold, italic, struck, code - as letters that look like them and mark nothing.
MARKS = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"})
# What Slack may take for a mention without any brackets; the letter in between has no width.
MENTION = re.compile(r"@(?=here|channel|everyone)", re.IGNORECASE)


def neutral(text: str) -> str:
    """Text that customers wrote, without the marks and mentions that Slack would read into it."""
    return MENTION.sub("@\u200b", text.translate(MARKS))


def escape(text: str) -> str:
    """Text as text: the three characters that begin mentions, links and entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_within(text: str, limit: int) -> str:
    """The escaped text, shortened so that the limit cuts no entity in two."""
    text = neutral(text)
    if len(escape(text)) <= limit:
        return escape(text)
    kept, size = [], 1
    for letter in text:
        size += len(escape(letter))
        if size > limit:
            break
        kept.append(letter)
    return escape("".join(kept)) + "…"


class SlackDestination(Destination):
    """At most once after an unknown outcome."""

    name = "slack"
    is_idempotent = False
    known_settings = frozenset({"base_url", "channels", "seconds_per_message"})

    def __init__(self, mapping: Mapping, settings: Settings) -> None:
        super().__init__(mapping, settings)
        # Each message is committed by itself, so that a killed run leaves at most one in doubt.
        self.commit_size = 1
        for name, entry in mapping.objects.items():
            slots = {field.name for field in entry.fields}
            if not {"title", "body"} <= slots <= SLOTS:
                raise Refused(
                    f"The mapping of slack needs title and body for {name}, and knows {', '.join(sorted(SLOTS))}."
                )
        self._webhook = settings.secret("SLACK_WEBHOOK_URL")
        self._channel = settings.value("SLACK_CHANNEL")
        self._channels: dict[str, str] = self.options.get("channels") or {}
        if self._webhook:
            base_url, authentication = check_url(self._webhook, "SLACK_WEBHOOK_URL"), NoAuthentication()
        else:
            url = settings.value("SLACK_API_URL", self.options.get("base_url", "https://slack.com/api"))
            base_url = check_url(url, "SLACK_API_URL")
            authentication = BearerToken(settings.require_secret("SLACK_BOT_TOKEN"))
            if not self._channel and not self._channels:
                raise Refused("Neither SLACK_CHANNEL nor channels in the mapping says where alerts go.")
        self._pause = float(self.options.get("seconds_per_message", 1))
        self._last_sent: dict[str, float] = {}
        # A kept connection that Slack has closed would make an unsent message look like one without an answer.
        self._client = Client(base_url, settings, self.options, authentication, keeps_connections=False)

    def payload(self, mapping: ObjectMapping, row: dict[str, Any]) -> dict[str, Any]:
        slots = mapping.payload(row)
        title = ("Closed: " if row["event"] == CLOSED else "") + str(slots["title"] or "")
        try:
            blocks = [block.to_dict() for block in _blocks(title, slots, row)]
        except SlackObjectFormationError as error:
            raise Refused(f"An alert breaks Slack's limits: {error}.") from None
        message = {
            "text": escape_within(title, TEXT_LIMIT),
            "blocks": blocks,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        channel = self._channels.get(str(slots.get("recipient_role")), self._channel)
        return message if self._webhook else {"channel": channel, "parse": "none", "link_names": False, **message}

    def preflight(self, rows: list[Row], marts: dict[str, Mart]) -> None:
        if self._webhook:
            return
        lost = [row for row in rows if not row.payload["channel"] and not row.thread_place]
        if lost:
            raise Refused(f"No Slack channel is configured for the alert {lost[0].key}.")
        answer = self._client.post("/auth.test", {}).json()
        if not answer.get("ok"):
            raise Refused(f"Slack refuses the token: {clean_error_class(answer.get('error'), 'refused')}.")

    def send(self, rows: list[Row]) -> list[Result]:
        (row,) = rows
        message = dict(row.payload)
        if row.thread_id and not self._webhook:
            # An answer to the opening, in the channel where that stands.
            message |= {"thread_ts": row.thread_id, "channel": row.thread_place or message["channel"]}
        self._wait(message.get("channel", ""))
        if self._webhook:
            return [self._post_to_webhook(row, message)]
        answer = self._client.post("/chat.postMessage", message)
        body = answer.json()
        if isinstance(body, dict) and body.get("ok") is True:
            place = body.get("channel") or message.get("channel")
            return [Result(row.key, "delivered", answer.status_code, remote_id=body.get("ts"), remote_place=place)]
        return [_refused(row, body.get("error") if isinstance(body, dict) else None, answer.status_code)]

    def _post_to_webhook(self, row: Row, message: dict[str, Any]) -> Result:
        """An incoming webhook answers `ok`; its errors are 4xx."""
        try:
            answer = self._client.post(self._client.base_url, message)
        except Stop as stop:
            if stop.status_code in GONE:
                raise Stop("webhook_gone", stop.status_code) from None
            raise
        if answer.content.strip() != b"ok":
            raise Transient("unreadable_answer", answer.status_code)
        return Result(row.key, "delivered", answer.status_code)

    def _wait(self, channel: str) -> None:
        """One message a second a channel."""
        ready = self._last_sent.get(channel, -self._pause) + self._pause
        pause = ready - time.monotonic()
        if channel in self._last_sent and pause > 0:
            time.sleep(pause)
        self._last_sent[channel] = time.monotonic()

    @property
    def requests(self) -> int:
        return self._client.requests

    def close(self) -> None:
        self._client.close()


def _refused(row: Row, error: object, status_code: int) -> Result:
    code = clean_error_class(error, "refused")
    if code in {"ratelimited", "rate_limited"}:
        raise Transient("rate_limited", 429, may_have_arrived=False)
    if code in STOPPING:
        raise Stop(code, status_code)
    if code in UNCERTAIN:
        raise Transient(code, status_code)
    raise BatchRefused(code, status_code)


def _blocks(title: str, slots: dict[str, Any], row: dict[str, Any]) -> list[Any]:
    """Title, body, who it is for and until when, links."""
    blocks: list[Any] = [_section(f"*{escape_within(title, SECTION_LIMIT - 2)}*")]
    if slots["body"] and row["event"] != CLOSED:
        blocks.append(_section(escape_within(str(slots["body"]), SECTION_LIMIT)))
    notes = [str(slots[name]) for name in ("recipient_role", "alert_email") if slots.get(name)]
    parts = [escape_within(" · ".join(notes), CONTEXT_LIMIT - 200)] if notes else []
    due = row.get("sla_due_at")
    if slots.get("sla_due_at") and isinstance(due, datetime) and row["event"] != CLOSED:
        parts.append(f"due {due:%Y-%m-%d %H:%M} UTC")
    if parts:
        blocks.append(ContextBlock(elements=[MarkdownTextObject(text=" · ".join(parts), verbatim=True)]))
    buttons = _buttons(slots.get("links"))
    if buttons and row["event"] != CLOSED:
        blocks.append(ActionsBlock(elements=buttons))
    return blocks


def _section(text: str) -> SectionBlock:
    """Verbatim: Slack must not turn names and addresses in the text into links and mentions."""
    return SectionBlock(text=MarkdownTextObject(text=text, verbatim=True))


def _buttons(links: Any) -> list[LinkButtonElement]:
    if isinstance(links, str):
        try:
            links = json.loads(links)
        except ValueError:
            return []
    if not isinstance(links, dict):
        return []
    usable = [(name, url) for name, url in sorted(links.items()) if _is_usable(url)]
    return [LinkButtonElement(text=LINK_TEXTS.get(name, name)[:75], url=url) for name, url in usable[:BUTTON_LIMIT]]


def _is_usable(url: Any) -> bool:
    return isinstance(url, str) and url.startswith("https://") and len(url) <= URL_LIMIT
