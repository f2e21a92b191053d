"""One HTTP client for all destinations: which addresses are allowed, how long to wait, and what an answer means."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx

from .errors import BatchRefused, Refused, Stop, Transient
from .mapping import json_text
from .settings import Settings

LOOPBACK = ("127.0.0.1", "localhost", "::1")
GONE = (404, 410)
LARGEST_ANSWER = 16 * 1024 * 1024
MOST_REDIRECTS = 3
# The request never left, so it cannot have taken effect.
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


def check_url(url: str, name: str) -> str:
    """The address without a trailing slash; refuses all but https, and plain http off the loopback."""
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in {"http", "https"}:
        raise Refused(f"{name} is not an http address.")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise Refused(f"{name} must be https: plain http is allowed on the loopback only.")
    if parts.username or parts.password:
        raise Refused(f"{name} must not hold a user name or password.")
    return url.rstrip("/")


class Authentication(Protocol):
    """Adds credentials to a request and renews them when that is possible."""

    def headers(self) -> dict[str, str]: ...

    def refresh(self) -> bool:
        """True when the credentials are new and another try makes sense."""
        ...


class NoAuthentication:
    """For addresses that are secrets themselves, and for signed bodies."""

    def headers(self) -> dict[str, str]:
        return {}

    def refresh(self) -> bool:
        return False


class BearerToken:
    """A token that does not change, or one that a function fetches anew."""

    def __init__(self, token: str | None, fetch: Callable[[], str] | None = None) -> None:
        self._token = token
        self._fetch = fetch

    def headers(self) -> dict[str, str]:
        if self._token is None and self._fetch:
            self._token = self._fetch()
        return {"Authorization": f"Bearer {self._token}"}

    def refresh(self) -> bool:
        if self._fetch is None:
            return False
        self._token = self._fetch()
        return True


@dataclass(frozen=True)
class Answer:
    """A successful answer, its body read to the end."""

    status_code: int
    content: bytes

    def json(self) -> Any:
        """The parsed body. One that was cut short does not say what happened to the rows."""
        try:
            return json.loads(self.content)
        except ValueError:
            raise Transient("unreadable_answer", self.status_code) from None


@dataclass
class Client:
    """Sends requests to one base address. Every answer but a 2xx becomes one of the errors of `errors.py`.

    `explain` finds a vendor's error code in an error's body; `is_daily_limit` recognises a limit that lasts; `find_fault`
    names what is wrong with the destination itself, where the body says that.
    """

    base_url: str
    settings: Settings
    options: dict[str, Any]
    authentication: Authentication
    explain: Callable[[Any], str | None] = lambda body: None
    is_daily_limit: Callable[[int, Any], bool] = lambda status, body: False
    find_fault: Callable[[Any], str | None] = lambda body: None
    keeps_connections: bool = True
    requests: int = 0

    def __post_init__(self) -> None:
        timeout = float(self.options.get("timeout", 15))
        is_tls = self.base_url.startswith("https:")
        context = httpx.create_ssl_context() if is_tls else False
        limits = httpx.Limits(max_connections=4, max_keepalive_connections=4 if self.keeps_connections else 0)
        self._deadline = float(self.options.get("deadline", 60))
        self._http = httpx.Client(
            timeout=timeout,
            follow_redirects=False,
            headers={"User-Agent": "expansion-triggers-push"},
            limits=limits,
            verify=context,
            # A proxy from the environment is for the outside.
            mounts={
                f"all://{host if ':' not in host else f'[{host}]'}": httpx.HTTPTransport(limits=limits, verify=context)
                for host in LOOPBACK
            },
        )

    def close(self) -> None:
        self._http.close()

    def get(self, path: str) -> Answer:
        return self.request("GET", path)

    def post(self, path: str, body: Any) -> Answer:
        return self.request("POST", path, body)

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
        needs_answer: bool = True,
    ) -> Answer:
        """One request with fresh credentials if need be. `needs_answer` is false when the status says it all."""
        if body is not None:
            content = json_text(body).encode()
            headers = {"Content-Type": "application/json", **(headers or {})}
        status, answer, parsed = self._once(method, path, content, headers, needs_answer)
        if status in {401, 403} and not self.is_daily_limit(status, parsed) and self.authentication.refresh():
            status, answer, parsed = self._once(method, path, content, headers, needs_answer)
        self._judge(status, answer, parsed)
        return Answer(status, answer["content"])

    def _judge(self, status: int, answer: dict[str, Any], parsed: Any) -> None:
        if 200 <= status < 300:
            return
        explained = self.explain(parsed)
        if self.is_daily_limit(status, parsed):
            raise Stop("daily_limit", status, answer["retry_after"])
        if status in {401, 403}:
            raise Stop(explained or ("unauthorized" if status == 401 else "forbidden"), status)
        if status == 429:
            raise Transient("rate_limited", status, answer["retry_after"], may_have_arrived=False)
        if status == 408 or status >= 500:
            raise Transient(explained or f"http_{status}", status, answer["retry_after"])
        if 300 <= status < 400:
            raise Stop("redirect_refused", status)
        if status in GONE:
            # The address is wrong, whatever is sent to it.
            raise Stop(explained or "address_gone", status)
        fault = self.find_fault(parsed)
        if fault:
            raise Stop(fault, status)
        raise BatchRefused(explained or f"http_{status}", status)

    def _once(
        self, method: str, path: str, content: bytes | None, headers: dict[str, str] | None, needs_answer: bool
    ) -> tuple[int, dict[str, Any], Any]:
        """Status, what was read, and the parsed body of an error."""
        url = path if "://" in path else f"{self.base_url}{path}"
        for _ in range(MOST_REDIRECTS + 1):
            status, answer = self._exchange(method, url, content, headers, needs_answer)
            target = self._same_host(url, answer["location"]) if 300 <= status < 400 else None
            if target is None or not (status in {307, 308} or method == "GET"):
                break
            url = target
        parsed = None
        if not 200 <= status < 300:
            with suppress(ValueError):
                parsed = json.loads(answer["content"])
        return status, answer, parsed

    def _exchange(
        self, method: str, url: str, content: bytes | None, headers: dict[str, str] | None, needs_answer: bool
    ) -> tuple[int, dict[str, Any]]:
        started = time.monotonic()
        sent = {**self.authentication.headers(), **(headers or {})}
        self.requests += 1
        status = None
        try:
            with self._http.stream(method, url, content=content, headers=sent) as response:
                status = response.status_code
                answer = {
                    "content": b"",
                    "location": response.headers.get("location"),
                    "retry_after": _wait(response.headers),
                }
                answer["content"] = self._read(response, started)
                return status, answer
        except NOT_SENT as error:
            raise Transient(_class(error), may_have_arrived=False) from None
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
            if status is not None and (not needs_answer or not 200 <= status < 300):
                return status, {**answer, "content": b""}
            raise Transient(_class(error), status) from None

    def _read(self, response: httpx.Response, started: float) -> bytes:
        """The body, unless it comes so slowly that the whole request passes its deadline."""
        parts, size = [], 0
        for part in response.iter_bytes():
            parts.append(part)
            size += len(part)
            if time.monotonic() - started > self._deadline:
                raise httpx.ReadTimeout("the answer passed the deadline")
            if size > LARGEST_ANSWER:
                raise httpx.ReadError("the answer is too large")
        return b"".join(parts)

    @staticmethod
    def _same_host(url: str, location: str | None) -> str | None:
        """The absolute address of a redirect that stays with scheme, host and port; null for any other."""
        if not location:
            return None
        try:
            target = httpx.URL(url).join(location)
        except httpx.InvalidURL:
            return None
        here = httpx.URL(url)
        is_same = (target.scheme, target.host, target.port) == (here.scheme, here.host, here.port)
        return str(target) if is_same else None


def _class(error: Exception) -> str:
    """ReadTimeout -> read_timeout."""
    name = type(error).__name__
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def _wait(headers: httpx.Headers) -> float | None:
    """The seconds that an answer asks to wait: Retry-After, else the window of HubSpot's short limit."""
    asked = _seconds(headers.get("retry-after"))
    window = _seconds(headers.get("x-hubspot-ratelimit-interval-milliseconds"))
    has_room = headers.get("x-hubspot-ratelimit-remaining") not in {"0", None}
    return window / 1000 if asked is None and window is not None and not has_room else asked


def _seconds(header: str | None) -> float | None:
    """Retry-After as seconds: a number, or a date."""
    if not header:
        return None
    with suppress(ValueError):
        return max(float(header), 0.0)
    with suppress(ValueError, TypeError):
        moment = parsedate_to_datetime(header)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max((moment - datetime.now(UTC)).total_seconds(), 0.0)
    return None
