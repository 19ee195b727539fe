"""What stands on the console during the tests: an office with people, devices, duties, and something wrong."""

import os
import socket
import sys
from dataclasses import dataclass

from opsteward import PASSWORD, Api, Browser, Opsteward, wait_for

OFFICE = "示範市政府資訊局"


@dataclass
class World:
    server: Opsteward
    api: Api
    units: dict
    accounts: dict
    router: int
    cancelled_job: int
    done_duty: int


def created(answer) -> dict:
    assert answer.status in (200, 201, 202), f"{answer.status} {answer.text[:500]}"
    return answer.json()


def make_people(api: Api) -> tuple[dict, dict]:
    created(api.call("PATCH", "/units/1", {"name": OFFICE}))
    units = {name: created(api.post("/units", {"parent_id": 1, "name": name}))["id"] for name in ("網路管理科", "系統發展科")}
    accounts = {}
    for name, display_name, unit, role in (
            ("wang", "王雅婷", units["網路管理科"], "network_admin"), ("lin", "林建宏", units["系統發展科"], "system_admin"),
            ("chen", "陳淑芬", 1, "supervisor"), ("auditor", "張稽核", 1, "auditor")):
        accounts[name] = created(api.post("/accounts", {"name": name, "display_name": display_name, "unit_id": unit,
                                                        "email": f"{name}@example.gov.tw",
                                                        "roles": [{"role": role, "unit_id": unit}]}))
    return units, accounts


def cancel_a_job(api: Api) -> int:
    """The last of several that were asked for at once still waits when it is cancelled."""
    def attempt():
        asked = [created(api.post("/jobs", {"kind": "procedure.evaluate"}))["id"] for _ in range(4)]
        api.post(f"/jobs/{asked[-1]}/cancel")
        return next((job["id"] for job in api.get("/jobs?state=cancelled")["items"]), None)
    return wait_for(attempt, "a cancelled job")


def furnish(server: Opsteward) -> World:
    api = Api(server)
    units, accounts = make_people(api)
    router = created(api.post("/devices", {"name": "core-router", "kind": "network", "unit_id": units["網路管理科"],
                                           "owner_id": accounts["wang"]["account"]["id"] if "account" in accounts["wang"]
                                           else accounts["wang"]["id"], "is_core": True, "address": "192.0.2.1"}))["id"]
    network_admin = Api(server, server.token(user="wang"))
    created(network_admin.post("/exemptions", {"clause": "6.6.3.12", "unit_id": units["網路管理科"], "ends": "2030-12-31",
                                               "reason": "本科沒有管理防火牆，規則由資訊局統一清查。"}))
    duty = api.get("/duties?state=open")["items"][0]
    created(api.post(f"/duties/{duty['id']}/complete", {"note": "已完成，結果正常。"}))
    wait_for(lambda: api.get("/devices/1")["last_observed_at"], "the first observation")
    return World(server, api, units, accounts, router, cancel_a_job(api), duty["id"])


class Listener:
    """A service that nobody approved, open to the network, with its finding on the board."""

    def __init__(self, world: World):
        self.world = world
        self.socket = socket.create_server(("0.0.0.0", 0))
        self.port = self.socket.getsockname()[1]
        self.program = os.path.basename(os.path.realpath(sys.executable))

    def clause(self) -> dict:
        return next(item for item in self.world.api.get("/clauses?state=not_met")["items"] if item["id"] == "6.9.5")

    def finding(self) -> dict | None:
        items = self.world.api.get("/clauses")["items"]
        clause = next(item for item in items if item["id"] == "6.9.5")
        return next((found for found in clause["findings"] if f"/{self.port} " in found["subject"]), None)

    def observe(self) -> None:
        created(self.world.api.post("/devices/1/observe"))

    def wait_until_found(self) -> dict:
        self.observe()
        return wait_for(self.finding, "the finding of the listener")

    def wait_until_gone(self) -> None:
        wait_for(lambda: self.finding() is None, "the finding to go")

    def close(self) -> None:
        self.socket.close()


def choose_password(server: Opsteward) -> None:
    """The administrator's first sign-in, so that the tests sign in with a password that stays."""
    Browser(server).first_sign_in()
