"""What other programs rely on: the commands, the API and its description, health and figures."""

import gzip
import re
import urllib.parse

import jsonschema
import pytest

from opsteward import Api, wait_for

STATES = {"met", "attention", "not_met", "not_set_up", "not_applicable"}


@pytest.fixture
def server(shared_server):
    return shared_server


def judged(api) -> list[dict]:
    """The clauses, once the first evaluation after the first observation is through."""
    def clauses():
        items = api.get("/clauses")["items"]
        return items if sum(item["state"] != "not_set_up" for item in items) >= 12 else None
    return wait_for(clauses, "twelve clauses judged from the machine itself", 120)


def test_within_two_minutes_at_least_twelve_clauses_are_judged_and_the_rest_say_what_is_missing(api):
    items = judged(api)
    assert len(items) > 80
    for item in items:
        assert item["state"] in STATES
        assert item["title"]["zh"] and item["title"]["en"], item["id"]
        assert item["why"]["zh"] and item["why"]["en"], item["id"]
        assert item["mode"], item["id"]
        for finding in item["findings"]:
            assert finding["subject"] and finding["reason"]["zh"] and finding["reason"]["en"] and finding["since"]
            assert "evidence" in finding
    assert "6.9.5" in [item["id"] for item in items]


def test_the_board_can_be_asked_for_as_of_a_past_time(api):
    judged(api)
    long_ago = api.get("/clauses?as_of=2020-01-01T00:00:00Z")["items"]
    assert {item["state"] for item in long_ago} == {"not_set_up"}
    refused = api.call("GET", "/clauses?as_of=yesterday")
    assert refused.status == 400 and "as_of" in refused.json()["error"]["message"]["en"]


def test_the_clauses_come_packed_to_whoever_takes_that_and_are_the_same(server, api):
    judged(api)
    for _ in range(5):  # the board may be judged anew between two answers
        plain = server.request("GET", "/api/v1/clauses", headers=api.headers)
        packed = server.request("GET", "/api/v1/clauses", headers={**api.headers, "Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
        assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
        if gzip.decompress(packed.body) == plain.body:
            break
    else:
        raise AssertionError("packed and plain differ")
    assert len(packed.body) < len(plain.body) / 3


def test_the_machine_itself_is_device_one_and_can_be_observed_now(api):
    devices = api.get("/devices")["items"]
    assert [device["id"] for device in devices] == [1]
    job = api.post("/devices/1/observe")
    assert job.status == 202, job.text
    job_id = job.json()["job"]["id"]
    done = wait_for(lambda: (j := api.get(f"/jobs/{job_id}")["job"])["state"] not in ("queued", "running") and j, "the job", 60)
    assert done["state"] == "succeeded", done


def test_health_and_figures_are_public_and_the_rest_is_not(server):
    assert server.request("GET", "/healthz").status == 200
    figures = server.request("GET", "/metrics")
    assert figures.status == 200 and figures.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    for line in figures.text.splitlines():
        assert line.startswith("#") or re.fullmatch(r'[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [-+0-9.eNa]+', line), line
    assert server.request("GET", "/api/v1/clauses").status == 401
    assert server.request("GET", "/board").status == 303
    assert server.request("GET", "/nothing").status == 404
    assert server.request("DELETE", "/healthz").status == 405


def test_a_token_of_read_scope_reads_and_changes_nothing(server):
    reader = Api(server, server.token(scope="read"))
    assert reader.call("GET", "/devices").status == 200
    assert reader.post("/devices/1/observe").status == 403
    assert server.request("GET", "/api/v1/devices", headers={"Authorization": "Bearer wrong"}).status == 401


def example(api, path: str, name: str) -> str:
    """A value for a placeholder of a path: that of the first record in the list before it."""
    # The first row of the audit trail is sealed by now; the last one may not be.
    fixed = {"topic": "listening_sockets", "channel": "board", "sequence": "1"}
    if name in fixed:
        return fixed[name]
    above = path[:path.index("/{" + name + "}")]
    records = api.get(above.removeprefix("/api/v1"))["items"]
    assert records, f"{above} has no record to try {path} with"
    return str(records[0].get(name, records[0].get("id")))


def test_every_answer_of_the_api_is_as_its_description_says(server, api):
    judged(api)
    api.post("/devices/1/observe")
    description = api.get("/openapi.json")
    assert description["openapi"] == "3.1.0"
    resolver = jsonschema.RefResolver.from_schema(description)
    tried = 0
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                for content in answer.get("content", {}).values():
                    jsonschema.Draft202012Validator.check_schema(content["schema"])
                assert status == "default" or 200 <= int(status) < 300
        if "get" not in operations:
            continue
        real = path
        for name in re.findall(r"{(\w+)}", path):
            real = real.replace("{" + name + "}", urllib.parse.quote(example(api, real, name)))
        query = {p["name"]: "a" for p in operations["get"].get("parameters", []) if p["in"] == "query" and p["name"] == "q"}
        answer = api.call("GET", real.removeprefix("/api/v1") + ("?" + urllib.parse.urlencode(query) if query else ""))
        assert answer.status == 200, f"{real}: {answer.status} {answer.text[:300]}"
        content = operations["get"]["responses"]["200"].get("content", {})
        if "application/json" in content:
            jsonschema.Draft202012Validator(content["application/json"]["schema"], resolver=resolver).validate(answer.json())
        tried += 1
    assert tried >= 15


def test_errors_of_the_api_have_the_form_that_is_described(api):
    schema = api.get("/openapi.json")["components"]["schemas"]
    for method, path, value, status in [("GET", "/devices/999", None, 404), ("GET", "/jobs/abc", None, 404),
                                        ("POST", "/devices", {"name": ""}, 400), ("GET", "/nothing", None, 404),
                                        ("PATCH", "/clauses", {}, 405)]:
        answer = api.call(method, path, value)
        assert answer.status == status, f"{method} {path}: {answer.status} {answer.text[:200]}"
        resolver = jsonschema.RefResolver.from_schema({"components": {"schemas": schema}})
        jsonschema.Draft202012Validator(schema["Error"], resolver=resolver).validate(answer.json())
