"""Starts Prism (from npm, on Node) as a proxy before a counterpart: what the vendor's document does not allow, it refuses."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import httpx
import yaml
from support.npm import free_port, installed, unavailable

FOLDER = Path(__file__).parent / "prism"
STARTS_WITHIN = 60


class Prism:
    """Forwards to `upstream` what the documents allow, and answers 4xx to the rest, or 5xx where the answer is wrong."""

    def __init__(self, documents: list[Path], upstream: str) -> None:
        if shutil.which("node") is None or shutil.which("npm") is None:
            unavailable("Prism", "there is no Node (npm)")
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._folder = tempfile.TemporaryDirectory(prefix="prism-")
        document, self._told = Path(self._folder.name) / "openapi.json", Path(self._folder.name) / "told"
        document.write_text(json.dumps(merged(documents)))
        program = installed("Prism", FOLDER, "node_modules/@stoplight/prism-cli/dist/index.js")
        self._process = subprocess.Popen(
            ["node", str(program), "proxy", str(document), upstream, "--errors", "--port", str(port)],
            stdout=self._told.open("wb"),
            stderr=subprocess.STDOUT,
        )
        self._wait()

    def _wait(self) -> None:
        ends = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < ends and self._process.poll() is None:
            try:
                httpx.get(self.url, trust_env=False)
                return
            except httpx.HTTPError:
                time.sleep(0.2)
        told = self._told.read_text(errors="replace").strip()[-300:]
        self.close()
        unavailable("Prism", f"it did not start within {STARTS_WITHIN} s. It said: {told}")

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(20)
        self._folder.cleanup()


def merged(documents: list[Path]) -> dict:
    """One document of several; each keeps the components that it refers to for itself."""
    whole: dict = {"openapi": "3.0.1", "info": {"title": "calls", "version": "1"}, "paths": {}, "components": {}}
    for number, path in enumerate(documents):
        own = f"x-components-{number}"
        text = json.dumps(yaml.safe_load(path.read_text())).replace('"#/components/', f'"#/{own}/')
        document = json.loads(text)
        whole[own] = document["components"]
        schemes = whole["components"].setdefault("securitySchemes", {})
        schemes.update(document["components"].get("securitySchemes", {}))
        security = document.get("security", [])
        for name, calls in document["paths"].items():
            for method in calls.keys() & {"get", "post", "put", "patch", "delete"}:
                calls[method].setdefault("security", security)
            whole["paths"][name] = calls
    return whole
