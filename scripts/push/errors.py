"""What can go wrong, sorted by what has to happen next."""

from __future__ import annotations

import re


class Refused(Exception):
    """Nothing may be sent: the run ends with exit code 2. The message is one sentence for the operator."""


class Transient(Exception):
    """The same request may succeed later.

    `retry_after` is the number of seconds the destination asked for, null when it asked for none.
    `may_have_arrived` is true when the request could have taken effect although the answer was lost.
    """

    def __init__(
        self,
        error_class: str,
        status_code: int | None = None,
        retry_after: float | None = None,
        may_have_arrived: bool = True,
    ) -> None:
        super().__init__(error_class)
        self.error_class = error_class
        self.status_code = status_code
        self.retry_after = retry_after
        self.may_have_arrived = may_have_arrived


class BatchRefused(Exception):
    """The destination refused the request as a whole; nothing of it took effect."""

    def __init__(self, error_class: str, status_code: int | None = None) -> None:
        super().__init__(error_class)
        self.error_class = error_class
        self.status_code = status_code


class Stop(Exception):
    """The destination takes nothing more in this run, whatever is sent; no attempt is burned.

    `retry_after` is the number of seconds after which trying again makes sense, null when unknown.
    """

    def __init__(self, error_class: str, status_code: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(error_class)
        self.error_class = error_class
        self.status_code = status_code
        self.retry_after = retry_after


def clean_error_class(value: object, fallback: str) -> str:
    """A vendor's error code as an identifier of at most 60 characters; free text becomes the fallback.

    Vendors repeat values in their messages (an e-mail, a token), so messages are never kept.
    """
    text = str(value or "")
    return text if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,59}", text) else fallback
