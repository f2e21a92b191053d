"""The signals that validation reads, as its macro lists them."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIGNALS = re.findall(r"'(\w+)': '(?:count|number|ratio)'", (ROOT / "macros/estimators/swept_signals.sql").read_text())
