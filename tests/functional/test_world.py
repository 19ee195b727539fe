"""Turning the world turns the board: what is true of the machine decides what the board says."""

import os
import socket

import pytest

from opsteward import wait_for

CYCLE = 90  # seconds: an observation every minute, and the evaluation after it


@pytest.fixture
def listener(api):
    """A service that nobody approved, opened to the network after the machine was observed for the first time."""
    wait_for(lambda: api.get("/devices")["items"][0]["last_observed_at"], "the first observation")
    with socket.create_server(("0.0.0.0", 0)) as opened:
        yield opened


def clause(api, number: str, as_of: str = "") -> dict:
    found = [item for item in api.get("/clauses" + (f"?as_of={as_of}" if as_of else ""))["items"] if item["id"] == number]
    assert len(found) == 1
    return found[0]


def finding_of(api, port: int) -> dict | None:
    return next((f for f in clause(api, "6.9.5")["findings"] if f"/{port} " in f["subject"]), None)


def test_an_unapproved_listener_turns_the_clause_red_and_approving_it_turns_it_back(api, listener):
    port = listener.getsockname()[1]
    # On schedule, without anybody asking: within one cycle.
    found = wait_for(lambda: finding_of(api, port), "the finding", CYCLE)
    assert clause(api, "6.9.5")["state"] == "not_met"
    # Program, port and user, in the reason and in the evidence.
    assert "python" in found["subject"] and f"uid {os.getuid()}" in found["subject"]
    assert str(port) in found["reason"]["zh"] and str(port) in found["reason"]["en"]
    assert f"port {port}" in found["evidence"] and f"uid={os.getuid()}" in found["evidence"]
    assert found["since"]

    subjects = [seen["subject"] for seen in api.get("/devices/1/approvals/seen?kind=listener")["items"]]
    approved = api.post("/devices/1/approvals", {"subjects": subjects, "reason": "needed for this test"})
    assert approved.status == 201, approved.text
    wait_for(lambda: finding_of(api, port) is None, "the finding to go", CYCLE)
    wait_for(lambda: not [f for f in clause(api, "6.9.5")["findings"] if "/" in f["subject"]], "no open port left", CYCLE)

    history = api.get("/clauses/6.9.5/history")["items"]
    assert "not_met" in [change["to"] for change in history]
    assert history[0]["to"] != "not_met"
    red = next(change for change in history if change["to"] == "not_met")
    assert clause(api, "6.9.5", red["at"])["state"] == "not_met", "the board as of then still shows it red"


def test_closing_the_listener_turns_the_clause_back(api, listener):
    port = listener.getsockname()[1]
    assert api.post("/devices/1/observe").status == 202
    wait_for(lambda: finding_of(api, port), "the finding", CYCLE)
    listener.close()
    assert api.post("/devices/1/observe").status == 202
    wait_for(lambda: finding_of(api, port) is None, "the finding to go", CYCLE)
    changes = api.get("/devices/1/changes?topic=listening_sockets&limit=200")["items"]
    kinds = {change["kind"] for change in changes if str(port) in change["subject"]}
    assert {"appeared", "disappeared"} <= kinds, "the device's history shows both"
