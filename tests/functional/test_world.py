"""Turning the world turns the board: what is true of the machine decides what the board says."""

import os
import socket

import pytest

from opsteward import wait_for


@pytest.fixture
def listener(api):
    """A service that nobody approved, opened to the network after the machine was observed for the first time."""
    wait_for(lambda: api.get("/devices")["items"][0]["last_observed_at"], "the first observation")
    with socket.create_server(("0.0.0.0", 0)) as opened:
        yield opened


def look(api) -> None:
    """Without waiting for the minute."""
    assert api.post("/devices/1/observe").status == 202


def clause(api, as_of: str = "") -> dict:
    found = [item for item in api.get("/clauses" + (f"?as_of={as_of}" if as_of else ""))["items"] if item["id"] == "6.9.5"]
    assert len(found) == 1
    return found[0]


def finding_of(api, port: int) -> dict | None:
    return next((f for f in clause(api)["findings"] if f"/{port} " in f["subject"]), None)


def approve_what_is_seen(api) -> None:
    """Also what other programs of this machine have opened, before the test or since."""
    subjects = [seen["subject"] for seen in api.get("/devices/1/approvals/seen?kind=listener")["items"]]
    if subjects:
        approved = api.post("/devices/1/approvals", {"subjects": subjects, "reason": "needed for this test"})
        assert approved.status == 201, approved.text


def test_an_unapproved_listener_turns_the_clause_red_and_approving_it_turns_it_back(api, listener):
    port = listener.getsockname()[1]
    look(api)
    found = wait_for(lambda: finding_of(api, port), "the finding")
    assert clause(api)["state"] == "not_met"
    # Program, port and user, in the reason and in the evidence.
    assert "python" in found["subject"] and f"uid {os.getuid()}" in found["subject"]
    assert str(port) in found["reason"]["zh"] and str(port) in found["reason"]["en"]
    assert f"port {port}" in found["evidence"] and f"uid={os.getuid()}" in found["evidence"]
    assert found["since"]

    def is_green_again():
        approve_what_is_seen(api)
        return clause(api)["state"] != "not_met"
    wait_for(is_green_again, "the clause to turn back")
    assert finding_of(api, port) is None

    history = api.get("/clauses/6.9.5/history")["items"]
    assert any(change["from"] == "not_met" and change["to"] != "not_met" for change in history)
    red = next(change for change in history if change["to"] == "not_met")
    assert clause(api, red["at"])["state"] == "not_met", "the board as of then still shows it red"


def test_closing_the_listener_turns_the_clause_back(api, listener):
    port = listener.getsockname()[1]
    look(api)
    wait_for(lambda: finding_of(api, port), "the finding")
    listener.close()
    look(api)
    wait_for(lambda: finding_of(api, port) is None, "the finding to go")
    changes = api.get("/devices/1/changes?topic=listening_sockets&limit=200")["items"]
    kinds = {change["kind"] for change in changes if str(port) in change["subject"]}
    assert {"appeared", "disappeared"} <= kinds, "the device's history shows both"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_within_one_cycle_it_is_found_without_anybody_asking(api, listener):
    cycle = 90  # seconds: an observation every minute, and the evaluation after it
    wait_for(lambda: finding_of(api, listener.getsockname()[1]), "the finding", cycle)
