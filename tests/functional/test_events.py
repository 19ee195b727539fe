"""Server-sent events, and how the server ends: what is under way is answered, streams are ended, nothing is left behind."""

import contextlib
import http.client
import signal

from opsteward import Api, Browser, Opsteward, wait_for


@contextlib.contextmanager
def stream(browser: Browser, channel: str):
    """The answer to a subscription, left open."""
    connection = browser.server.connect()
    try:
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        connection.request("GET", f"/events/{channel}", headers={"Cookie": cookies, "Accept": "text/event-stream"})
        yield connection.getresponse()
    finally:
        connection.close()


def read_event(events: http.client.HTTPResponse) -> dict[str, str]:
    """The fields of the next event; comments, which keep the connection alive, are passed over."""
    fields: dict[str, str] = {}
    while line := events.readline().decode("utf-8").rstrip("\n"):
        name, _, value = line.partition(":")
        if name:
            fields[name] = value.removeprefix(" ")
    return fields


def next_event(events: http.client.HTTPResponse) -> dict[str, str]:
    return wait_for(lambda: read_event(events), "an event")


def test_an_observation_is_told_to_open_pages(server, browser):
    with stream(browser, "devices") as devices, stream(browser, "jobs") as jobs:
        for events in (devices, jobs):
            assert events.status == 200
            assert events.headers["Content-Type"] == "text/event-stream" and events.headers["Cache-Control"] == "no-store"
        assert Api(server).post("/devices/1/observe").status == 202
        assert next_event(devices)["event"] == "devices"
        wait_for(lambda: next_event(jobs) == {"event": "jobs", "data": "inventory.observe"}, "the job to be told of")


def test_events_are_for_those_who_are_signed_in(server, browser):
    assert server.request("GET", "/events/devices").status == 401
    assert server.request("GET", "/events/devices", headers=Api(server).headers).status == 401, "a token is for the API"
    with stream(browser, "nothing") as refused:
        assert refused.status == 404


def is_refusing(server: Opsteward) -> bool:
    try:
        server.request("GET", "/healthz")
        return False
    except OSError:
        return True


def test_a_request_under_way_is_answered_before_the_server_ends(server, browser):
    body = b'{"parent_id": 1, "name": "drained"}'
    idle = server.connect()
    idle.connect()
    slow = server.connect()
    with stream(browser, "board") as events:
        assert events.status == 200
        slow.putrequest("POST", "/api/v1/units")
        for name, value in {**Api(server).headers, "Content-Type": "application/json", "Content-Length": str(len(body)),
                            "Expect": "100-continue"}.items():
            slow.putheader(name, value)
        slow.endheaders()
        # From here on the server knows of the request.
        assert slow.sock.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        server.process.send_signal(signal.SIGINT)
        wait_for(lambda: is_refusing(server), "new connections to be refused")
        slow.send(body)
        answer = slow.getresponse()
        assert answer.status == 201 and b"drained" in answer.read()
        assert answer.headers["Connection"] == "close"
        wait_for(lambda: events.read1() == b"", "the stream of events to end")
    assert server.finish(10) == 0
    for link in (idle, slow):
        link.close()

    server.start()
    assert "drained" in [unit["name"] for unit in Api(server).get("/units")["items"]]


def test_the_signals_of_terminals_and_service_managers_end_it_alike(new_server):
    for number in (signal.SIGINT, signal.SIGTERM):
        new_server.start()
        assert new_server.request("GET", "/healthz").status == 200
        new_server.process.send_signal(number)
        assert new_server.finish(10) == 0
        assert not is_locked(new_server)


def is_locked(server: Opsteward) -> bool:
    """Whether the folder is held as by a running server: then a restore into it is refused for that reason."""
    done = server.run("db", "restore", "--data", str(server.data), "--from", str(server.data / "none"))
    return done.returncode == 4
