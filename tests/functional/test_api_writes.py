"""Every operation of the API that changes something: what body it takes, who may in which unit, what the audit trail keeps of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import jsonschema
import pytest

from opsteward import Api, Browser, wait_for

ADDRESS = "127.0.0.1"
TAIPEI = timezone(timedelta(hours=8))


@dataclass
class Person:
    name: str
    one_time_password: str
    api: Api
    reader: Api  # the same person with a token that may only read


class World:
    """Two units beside each other, with people of every role in them, and records of one unit for operations to work on."""

    def __init__(self, server):
        self.server = server
        self.admin = Api(server)
        self.description = self.admin.get("/openapi.json")
        self.count = 0
        self.people: dict[tuple[str, int], Person] = {}
        self.one, self.two = self.unit(), self.unit()

    def name(self) -> str:
        self.count += 1
        return f"n{self.count}"

    def make(self, path: str, body: dict | None = None, by: Api | None = None) -> dict:
        made = (by or self.admin).post(path, body)
        assert made.status in (200, 201, 202), f"{path}: {made.text}"
        return made.json()

    def unit(self, parent: int = 1) -> int:
        return self.make("/units", {"parent_id": parent, "name": self.name()})["id"]

    def device(self, unit: int) -> int:
        return self.make("/devices", {"name": self.name(), "kind": "network", "unit_id": unit})["id"]

    def account(self, unit: int, *roles: str) -> dict:
        return self.make("/accounts", {"name": self.name(), "display_name": "某人", "unit_id": unit,
                                       "roles": [{"role": role, "unit_id": unit} for role in roles]})

    def person(self, role: str, unit: int) -> Person:
        if (role, unit) not in self.people:
            made = self.account(unit, role)
            name = made["account"]["name"]
            api = Api(self.server, self.server.token(user=name))
            read_token = self.make("/me/tokens", {"name": "reading", "scope": "read", "days": 1}, api)["token"]
            self.people[role, unit] = Person(name, made["one_time_password"], api, Api(self.server, read_token))
        return self.people[role, unit]

    def newest_row_of(self, person: Person) -> dict | None:
        rows = self.admin.get(f"/audit?actor={person.name}&limit=1")["items"]
        return rows[0] if rows else None

    def validator(self, schema: dict) -> jsonschema.Draft202012Validator:
        return jsonschema.Draft202012Validator(schema, resolver=jsonschema.RefResolver.from_schema(self.description))

    def described(self, operation: str) -> dict:
        method, path = operation.split(" ")
        return self.description["paths"]["/api/v1" + path][method.lower()]


@pytest.fixture(scope="module")
def world(shared_server):
    return World(shared_server)


def exemption(world: World, by: Api) -> int:
    body = {"clause": "6.13.1", "unit_id": world.unit(world.one), "reason": "沒有行動裝置", "ends": "2099-12-31"}
    return world.make("/exemptions", body, by)["id"]


def asked_by_another(world: World) -> int:
    return exemption(world, world.person("system_admin", world.one).api)


def approval(world: World) -> tuple[int, int]:
    device = world.device(world.one)
    grant = {"subjects": [{"kind": "listener", "protocol": "tcp", "port": 8080, "address": "any"}], "reason": "needed"}
    return device, world.make(f"/devices/{device}/approvals", grant)["items"][0]["id"]


def own_host(world: World) -> int:
    """Device 1, moved to unit one."""
    moved = world.admin.call("PATCH", "/devices/1", {"unit_id": world.one})
    assert moved.status == 200, moved.text
    return 1


def duty(world: World, role: str) -> int:
    """A round that has begun, of those that people of this role do in unit one."""
    world.make("/jobs", {"kind": "procedure.plan_duties"})
    today = datetime.now(TAIPEI).date().isoformat()

    def rounds_that_have_begun():
        rounds = world.admin.get(f"/duties?unit={world.one}&owner={role}")["items"]
        return [each for each in rounds if each["state"] != "done" and each["period_start"] <= today]
    return wait_for(rounds_that_have_begun, "the duties of the new unit to be planned")[0]["id"]


def locked_account(world: World) -> int:
    account = world.account(world.one)["account"]
    for number in range(5):
        Browser(world.server).sign_in(account["name"], f"wrong {number}")
    assert world.admin.get(f"/accounts/{account['id']}")["locked_until"]
    return account["id"]


def account_in_use(world: World) -> tuple[int, Browser]:
    """Of somebody who has signed in and set a password."""
    made = world.account(world.one, "network_user")
    return made["account"]["id"], Browser(world.server).first_sign_in(made["account"]["name"], made["one_time_password"])


def account_with_second_factor(world: World) -> int:
    account, browser = account_in_use(world)
    browser.set_up_second_factor()
    assert world.admin.get(f"/accounts/{account}")["has_totp"]
    return account


def own_token(world: World, person: Person) -> int:
    name = world.name()
    world.make("/me/tokens", {"name": name, "scope": "read", "days": 1}, person.api)
    return next(token["id"] for token in person.api.get("/me/tokens")["items"] if token["name"] == name)


def own_session(_world: World, person: Person) -> int:
    Browser(person.api.server).sign_in(person.name, person.one_time_password)
    return person.api.get("/me/sessions")["items"][0]["id"]


@dataclass
class Write:
    """One operation: who may when the record is of their unit, whose role is not enough, and what is kept of it."""
    operation: str
    role: str
    other: str | None
    prepare: Callable[[World, Person], tuple[str, dict | None]]
    action: str
    before: dict | None = None
    after: dict | None = None
    is_of_unit: bool = True


WRITES = [
    Write("POST /units", "administrator", "system_admin",
          lambda w, p: ("/units", {"parent_id": w.one, "name": "殯葬管理科"}),
          "unit.create", None, {"name": "殯葬管理科", "is_active": True}),
    Write("PATCH /units/{id}", "administrator", "supervisor",
          lambda w, p: (f"/units/{w.unit(w.one)}", {"is_active": False}),
          "unit.close", {"is_active": True}, {"is_active": False}),
    Write("POST /accounts", "administrator", "supervisor",
          lambda w, p: ("/accounts", {"name": w.name(), "display_name": "王小明", "email": "wang@example.org", "unit_id": w.one,
                                      "is_enabled": True, "ends_at": "2099-12-31",
                                      "roles": [{"role": "network_user", "unit_id": w.one}]}),
          "account.create", None, {"display_name": "王小明", "is_enabled": True}),
    Write("PATCH /accounts/{id}", "administrator", "supervisor",
          lambda w, p: (f"/accounts/{w.account(w.one)['account']['id']}", {"display_name": "王大明"}),
          "account.update", {"display_name": "某人"}, {"display_name": "王大明"}),
    Write("POST /accounts/{id}/reset-password", "administrator", "supervisor",
          lambda w, p: (f"/accounts/{account_in_use(w)[0]}/reset-password", None),
          "account.reset_password", {"must_change_password": False}, {"must_change_password": True}),
    Write("POST /accounts/{id}/unlock", "administrator", "supervisor",
          lambda w, p: (f"/accounts/{locked_account(w)}/unlock", None), "account.unlock", {}, {"locked_until": None}),
    Write("POST /accounts/{id}/remove-totp", "administrator", "supervisor",
          lambda w, p: (f"/accounts/{account_with_second_factor(w)}/remove-totp", None),
          "account.remove_totp", {"has_totp": True}, {"has_totp": False}),
    Write("POST /devices", "network_admin", "auditor",
          lambda w, p: ("/devices", {"name": "邊界防火牆", "kind": "firewall", "unit_id": w.one, "owner_id": None, "is_core": True,
                                     "address": "192.0.2.1", "notes": "機房"}),
          "device.add", None, {"name": "邊界防火牆", "kind": "firewall", "is_core": True}),
    Write("PATCH /devices/{id}", "system_admin", "supervisor",
          lambda w, p: (f"/devices/{w.device(w.one)}", {"state": "retired", "notes": "汰換"}),
          "device.change", {"in_service": True, "notes": ""}, {"in_service": False, "notes": "汰換"}),
    Write("POST /devices/{id}/observe", "system_admin", "supervisor",
          lambda w, p: (f"/devices/{own_host(w)}/observe", None), "job.run", None, {"state": "queued"}),
    Write("POST /devices/{id}/approvals", "supervisor", "auditor",
          lambda w, p: (f"/devices/{w.device(w.one)}/approvals",
                        {"subjects": [{"kind": "listener", "protocol": "tcp", "port": 8080, "program": None, "address": "any"},
                                      {"kind": "software", "name": "nginx"}], "reason": "needed", "until_at": "2099-12-31"}),
          "device.approve", None, {"reason": "needed"}),
    Write("POST /devices/{id}/approvals/{approval}/withdraw", "network_admin", "security_team",
          lambda w, p: ("/devices/{}/approvals/{}/withdraw".format(*approval(w)), {"reason": "no longer"}),
          "device.withdraw_approval", {"kind": "listener", "port": 8080}, {"reason": "no longer"}),
    Write("POST /duties/{id}/complete", "system_admin", "network_admin",
          lambda w, p: (f"/duties/{duty(w, 'system_admin')}/complete", {"note": "已檢視，無異常"}),
          "duty.complete", None, {"note": "已檢視，無異常"}),
    Write("POST /exemptions", "system_admin", "auditor",
          lambda w, p: ("/exemptions", {"clause": "6.13.1", "unit_id": w.unit(w.one), "reason": "沒有行動裝置", "ends": "188.12.31"}),
          "exemption.request", None, {"clause": "6.13.1", "ends": "2099-12-31", "state": "waiting"}),
    Write("POST /exemptions/{id}/approve", "supervisor", "system_admin",
          lambda w, p: (f"/exemptions/{asked_by_another(w)}/approve", None),
          "exemption.approve", {"state": "waiting"}, {"state": "approved"}),
    Write("POST /exemptions/{id}/reject", "executive_secretary", "network_admin",
          lambda w, p: (f"/exemptions/{asked_by_another(w)}/reject", None),
          "exemption.reject", {"state": "waiting"}, {"state": "rejected"}),
    Write("POST /exemptions/{id}/withdraw", "network_admin", "system_admin",
          lambda w, p: (f"/exemptions/{exemption(w, p.api)}/withdraw", None),
          "exemption.withdraw", {"state": "waiting"}, {"state": "withdrawn"}),
    Write("POST /procedure/evaluate", "security_team", "system_admin",
          lambda w, p: ("/procedure/evaluate", None), "job.run", None, {"state": "queued"}, is_of_unit=False),
    Write("POST /jobs", "system_admin", "auditor",
          lambda w, p: ("/jobs", {"kind": "identity.remove_ended"}), "job.run", None, {"state": "queued"}, is_of_unit=False),
    Write("POST /audit/verify", "auditor", "network_admin",
          lambda w, p: ("/audit/verify", None), "job.run", None, {"state": "queued"}, is_of_unit=False),
    Write("POST /me/tokens", "checker", None,
          lambda w, p: ("/me/tokens", {"name": "monitoring", "scope": "read", "days": 7}),
          "account.create_token", None, {"name": "monitoring", "scope": "read", "days": 7}, is_of_unit=False),
    Write("DELETE /me/tokens/{id}", "checker", "auditor",
          lambda w, p: (f"/me/tokens/{own_token(w, p)}", None), "account.revoke_token", None, {}),
    Write("DELETE /me/sessions/{id}", "vans_admin", "auditor",
          lambda w, p: (f"/me/sessions/{own_session(w, p)}", None), "account.revoke_session", None, {}),
]
# Only a job that has not ended is cancelled, and only one that has is tried again: see the test of both.
TRIED_APART = {"POST /jobs/{id}/cancel", "POST /jobs/{id}/retry"}


def test_no_operation_that_changes_something_is_left_out(world):
    described = {f"{method.upper()} {path.removeprefix('/api/v1')}" for path, operations in world.description["paths"].items()
                 for method in operations if method != "get"}
    assert described == {write.operation for write in WRITES} | TRIED_APART


def wrong_bodies(body: dict, schema: dict):
    """One thing wrong in each."""
    yield "an unknown field", {**body, "misspelt": 1}
    for name in schema.get("required", []):
        yield f"without {name}", {key: value for key, value in body.items() if key != name}
    for name, value in body.items():
        yield f"{name} of the wrong type", {**body, name: {}}
        if isinstance(value, list) and isinstance(value[0], dict):
            yield f"an unknown field in {name}", {**body, name: [{**value[0], "misspelt": 1}]}


def assert_only_described_bodies_are_taken(world: World, write: Write, api: Api, path: str, body: dict) -> None:
    schema = world.described(write.operation)["requestBody"]["content"]["application/json"]["schema"]
    world.validator(schema).validate(body)
    resolved = schema
    if "$ref" in schema:
        resolved = world.description["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    for what, wrong in wrong_bodies(body, resolved):
        assert not world.validator(schema).is_valid(wrong), f"the schema allows {what}"
        answer = api.call(write.operation.split(" ")[0], path, wrong)
        assert answer.status == 400, f"{what}: {answer.status} {answer.text[:300]}"
        assert answer.json()["error"]["code"] == "invalid_input"
        if "misspelt" in str(wrong):
            assert "misspelt" in answer.json()["error"]["message"]["zh"]


def strangers(world: World, write: Write):
    """Everybody whose attempt has to be refused."""
    yield "a token that only reads", world.person(write.role, world.one).reader
    if write.other:
        yield f"{write.other} of the unit", world.person(write.other, world.one).api
    if write.is_of_unit:
        yield f"{write.role} of another unit", world.person(write.role, world.two).api


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.operation)
def test_a_change_is_made_as_described_by_who_may_and_kept_in_the_audit_trail(world, write):
    person = world.person(write.role, world.one)
    method = write.operation.split(" ")[0]
    path, body = write.prepare(world, person)
    refused = list(strangers(world, write))
    sequence = world.admin.get("/audit?limit=1")["items"][0]["sequence"]
    for who, api in refused:
        answer = api.call(method, path, body)
        assert answer.status in (403, 404), f"{who}: {answer.status} {answer.text[:300]}"
    if body is not None:
        assert_only_described_bodies_are_taken(world, write, person.api, path, body)
    assert world.admin.get("/audit?limit=1")["items"][0]["sequence"] == sequence, "what is refused changes nothing"

    done = person.api.call(method, path, body)
    status, described = next((int(s), answer) for s, answer in world.described(write.operation)["responses"].items() if s != "default")
    assert done.status == status, done.text
    if "content" in described:
        world.validator(described["content"]["application/json"]["schema"]).validate(done.json())
    else:
        assert done.body == b""

    row = world.newest_row_of(person)
    assert row["sequence"] > sequence and row["action"] == write.action
    assert row["actor"]["address"] == ADDRESS
    for kept, expected in ((row["before"], write.before), (row["after"], write.after)):
        assert (kept is None) == (expected is None), row
        assert expected is None or expected.items() <= kept.items(), row
    if write.is_of_unit and not write.operation.startswith("DELETE"):
        assert row["unit_id"] is not None, "who answers for the unit finds it"


def test_a_job_is_cancelled_and_tried_again_by_who_runs_the_machines(world):
    operator, other = world.person("system_admin", world.one), world.person("auditor", world.one)

    def cancelled_job():
        number = world.make("/procedure/evaluate")["job"]["id"]
        for api in (other.api, operator.reader):
            assert api.post(f"/jobs/{number}/cancel").status == 403
        number = world.make("/procedure/evaluate")["job"]["id"]
        answer = operator.api.post(f"/jobs/{number}/cancel")
        assert answer.status in (200, 409), answer.text  # 409: it was done before it could be cancelled
        return number if answer.status == 200 else None
    number = wait_for(cancelled_job, "a job to be cancelled before it is done")
    row = world.newest_row_of(operator)
    assert row["action"] == "job.cancel" and row["before"] != row["after"] and row["actor"]["address"] == ADDRESS

    job = wait_for(lambda: (j := world.admin.get(f"/jobs/{number}")["job"])["state"] not in ("queued", "running") and j, "its end")
    assert job["state"] == "cancelled"
    assert operator.api.post(f"/jobs/{number}/cancel").status == 409
    assert other.api.post(f"/jobs/{number}/retry").status == 403
    assert operator.api.post(f"/jobs/{number}/retry").status == 200
    row = world.newest_row_of(operator)
    assert row["action"] == "job.retry"
    assert row["before"] == {"state": "cancelled"} and row["after"] == {"state": "queued"}
    wait_for(lambda: world.admin.get(f"/jobs/{number}")["job"]["state"] == "succeeded", "the second try")


def test_a_role_counts_for_the_units_below_and_for_none_beside(world):
    manager = world.person("administrator", world.one).api
    below = world.unit(world.one)
    assert manager.post("/devices", {"name": "below", "kind": "server", "unit_id": below}).status == 201
    assert manager.post("/devices", {"name": "beside", "kind": "server", "unit_id": world.two}).status == 403
    device = world.device(below)
    assert manager.call("PATCH", f"/devices/{device}", {"unit_id": world.two}).status == 403, "nothing is moved out of reach"
    assert manager.call("PATCH", f"/units/{below}", {"parent_id": world.two}).status == 403
    account = world.account(below)["account"]["id"]
    beyond = {"roles": [{"role": "administrator", "unit_id": 1}]}
    assert manager.call("PATCH", f"/accounts/{account}", beyond).status == 403, "nobody gives a role where they hold none"
    assert manager.call("PATCH", f"/accounts/{account}", {"unit_id": world.two}).status == 403


def test_nobody_sees_records_of_units_where_they_hold_nothing(world):
    device = world.device(world.two)
    account = world.account(world.two)["account"]["id"]
    request = world.make("/exemptions", {"clause": "6.10.1", "unit_id": world.two, "reason": "none here", "ends": "2099-12-31"})["id"]
    duty(world, "system_admin")
    seen = world.person("administrator", world.one).api
    for path in (f"/devices/{device}", f"/devices/{device}/coverage", f"/accounts/{account}", f"/units/{world.two}"):
        assert world.admin.call("GET", path).status == 200
        assert seen.call("GET", path).status in (403, 404), path
    own = {unit["id"] for unit in seen.get("/units")["items"]}
    assert world.one in own and world.two not in own
    for path, unit_of in (("/devices?limit=1000", lambda item: item["unit"]["id"]), ("/accounts?limit=500", lambda item: item["unit_id"]),
                          ("/exemptions", lambda item: item["unit_id"]), ("/duties", lambda item: item["unit_id"]),
                          ("/audit?limit=200", lambda item: item["unit_id"])):
        items = seen.get(path)["items"]
        assert items and {unit_of(item) for item in items} <= own, path
    assert request not in [item["id"] for item in seen.get("/exemptions")["items"]]
    states = {unit["unit_id"] for item in seen.get("/clauses")["items"] for unit in item["units"]}
    assert states <= own


def test_who_asked_does_not_decide(world):
    supervisor = world.person("supervisor", world.one).api
    number = exemption(world, supervisor)
    refused = supervisor.post(f"/exemptions/{number}/approve")
    assert refused.status == 409 and "職務分離" in refused.json()["error"]["message"]["zh"]
    assert world.make(f"/exemptions/{number}/approve")["state"] == "in_force"


def test_a_session_changes_things_only_with_the_token_of_its_forms(world):
    made = world.account(1, "administrator")
    browser = Browser(world.server).first_sign_in(made["account"]["name"], made["one_time_password"])
    browser.open("/")
    cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items()), "Content-Type": "application/json",
              "Sec-Fetch-Site": "same-origin"}
    body = '{"kind": "identity.remove_ended"}'
    assert world.server.request("POST", "/api/v1/jobs", body, cookie).status == 403
    assert world.server.request("POST", "/api/v1/jobs", body, cookie | {"X-CSRF-Token": "x" * len(browser.csrf())}).status == 403
    elsewhere = cookie | {"X-CSRF-Token": browser.csrf(), "Sec-Fetch-Site": "cross-site"}
    assert world.server.request("POST", "/api/v1/jobs", body, elsewhere).status == 403
    assert world.server.request("POST", "/api/v1/jobs", body, cookie | {"X-CSRF-Token": browser.csrf()}).status == 202


def test_after_all_that_the_chain_of_the_audit_trail_is_whole(world):
    done = world.server.run("db", "verify", "--data", str(world.server.data), *world.server.database_options())
    assert done.returncode == 0, done.stderr
    assert int(re.search(r"\d+", done.stdout).group()) > 50
