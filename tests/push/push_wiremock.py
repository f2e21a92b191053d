"""Starts WireMock (from npm, on Java) on a loopback port, and speaks to its admin interface."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
from support.npm import free_port, installed, unavailable

FOLDER = Path(__file__).parent / "wiremock"
STARTS_WITHIN = 60


class WireMock:
    """One server. A stub is a request pattern and a response, as WireMock's own JSON spells them."""

    def __init__(self) -> None:
        if shutil.which("java") is None:
            unavailable("WireMock", "there is no Java (17 or newer)")
        if shutil.which("npm") is None:
            unavailable("WireMock", "there is no Node (npm)")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        # A folder of its own: WireMock writes into the one it starts in.
        self._folder = tempfile.TemporaryDirectory(prefix="wiremock-")
        self._told = Path(self._folder.name) / "stderr"
        options = ["--port", str(self.port), "--bind-address", "127.0.0.1", "--global-response-templating"]
        options += ["--root-dir", self._folder.name]
        self._process = subprocess.Popen(
            [
                "java",
                "-Xmx256m",
                "-jar",
                str(installed("WireMock", FOLDER, "node_modules/wiremock/build/wiremock-standalone-*.jar")),
                *options,
                "--disable-banner",
                "--async-response-enabled",
                "true",
            ],
            stdout=subprocess.DEVNULL,
            stderr=self._told.open("wb"),
        )
        self._admin = httpx.Client(base_url=f"{self.url}/__admin", timeout=10, trust_env=False)
        self._wait()

    def _wait(self) -> None:
        ends = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < ends:
            if self._process.poll() is not None:
                told = self._told.read_text(errors="replace").strip()[-300:]
                unavailable("WireMock", f"it ended at once; is Java older than 17? It said: {told}")
            try:
                if self._admin.get("/health").is_success:
                    return
            except httpx.HTTPError:
                time.sleep(0.2)
        self.close()
        unavailable("WireMock", f"it did not start within {STARTS_WITHIN} s")

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(20)
        self._folder.cleanup()

    def reset(self) -> None:
        self._admin.post("/reset").raise_for_status()

    def stub(self, request: dict[str, Any], response: dict[str, Any], priority: int = 5, **others: Any) -> None:
        body = {"request": request, "response": response, "priority": priority, **others}
        self._admin.post("/mappings", json=body).raise_for_status()

    def fail_first(self, request: dict[str, Any], *responses: dict[str, Any]) -> None:
        """The responses one after the other, each once; then whatever other stub matches."""
        states = ["Started", *(f"after {number}" for number in range(1, len(responses) + 1))]
        for number, response in enumerate(responses):
            scenario = {"scenarioName": "faults", "requiredScenarioState": states[number]}
            self.stub(request, response, priority=1, newScenarioState=states[number + 1], **scenario)

    def count(self, **pattern: Any) -> int:
        return self._admin.post("/requests/count", json=pattern).json()["count"]

    def bodies(self, **pattern: Any) -> list[Any]:
        found = self._admin.post("/requests/find", json=pattern).json()["requests"]
        return [json.loads(request["body"]) for request in found]

    def headers(self, **pattern: Any) -> list[dict[str, str]]:
        return [request["headers"] for request in self._admin.post("/requests/find", json=pattern).json()["requests"]]
