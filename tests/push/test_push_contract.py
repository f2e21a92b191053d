"""HubSpot's own description of its calls allows every request of the destination, and every answer of the counterpart."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import push_paths  # noqa: F401
import pytest
from push_counterpart import Counterpart
from push_prism import FOLDER, Prism
from push_world import AS_OF

UPSERT = "/crm/objects/2026-03/companies/batch/upsert"


@pytest.fixture(scope="module")
def prism(shared_counterpart: Counterpart) -> Iterator[Prism]:
    given = os.environ.get("HUBSPOT_OPENAPI")
    documents = sorted(Path(given).glob("*.json")) if given else [FOLDER / "hubspot.yml"]
    started = Prism(documents, shared_counterpart.url)
    yield started
    started.close()


@pytest.fixture
def hubspot(prism: Prism, run: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs the program against HubSpot's document, with a token that it has to fetch first."""
    monkeypatch.setenv("HUBSPOT_BASE_URL", prism.url)
    monkeypatch.delenv("HUBSPOT_ACCESS_TOKEN")
    for name in ("HUBSPOT_REFRESH_TOKEN", "HUBSPOT_CLIENT_ID", "HUBSPOT_CLIENT_SECRET"):
        monkeypatch.setenv(name, f"{name.lower()} & more")
    return lambda *arguments: run("hubspot", "--max-sends", "100", *arguments)


def test_every_request_is_one_that_hubspot_describes(hubspot, world, counterpart):
    done = hubspot()
    assert done.code == 0, done.err
    asked = [path.split("/2026-03")[0] for _, path in counterpart.requests]
    assert set(asked) == {
        "/oauth/v1/token",
        "/crm/properties",
        "/crm-object-schemas",
        "/crm/objects",
        "/crm/associations",
    }
    assert counterpart.links and len(counterpart.records["expansion_triggers"]) == 5

    # What is closed, emptied, or refused by name goes the same way.
    for firing in world.firings:
        firing |= {"is_closed": True, "closed_at": AS_OF, "recommended_action": None}
    world.build()
    counterpart.poison.add("firing002")
    again = hubspot()
    assert (again.code, again.summary["delivered"], again.summary["rejected"]) == (1, 4, 1), again.err


@pytest.mark.parametrize(
    "wrong",
    [
        {"inputs": [{"id": "a", "properties": {"expansion_tier": 1}}]},
        {"inputs": [{"id": "a", "properties": {"expansion_tier": None}}]},
        {"inputs": [{"properties": {}}]},
        {"records": []},
    ],
    ids=["number", "null", "no id", "no inputs"],
)
def test_what_hubspot_does_not_describe_never_gets_there(wrong, prism, counterpart):
    answer = httpx.post(f"{prism.url}{UPSERT}", json=wrong, headers={"Authorization": "Bearer x"}, trust_env=False)
    assert answer.status_code == 422
    assert not counterpart.requests
