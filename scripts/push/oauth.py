"""Fetches access tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from .errors import BatchRefused, Stop
from .http import Client, NoAuthentication, check_url
from .settings import Settings


def token_fetcher(url: str, form: dict[str, str], settings: Settings, options: dict[str, Any]) -> Callable[[], str]:
    """A function that posts the form and returns the access token of the answer."""
    check_url(url, "The token address")

    def fetch() -> str:
        client = Client(url, settings, options, NoAuthentication())
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            answer = client.request("POST", url, content=urlencode(form).encode(), headers=headers).json()
        except BatchRefused as refusal:
            raise Stop("token_refused", refusal.status_code) from None
        finally:
            client.close()
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not token:
            raise Stop("token_refused")
        settings.hide(token)
        return token

    return fetch
