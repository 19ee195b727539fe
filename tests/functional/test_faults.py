"""What is cut off in the middle: the program killed, its database killed or away. Nothing acknowledged is lost, nothing happens twice."""

import http.client
import os
import random
import ssl
import threading

import pytest

from opsteward import Api, Opsteward, wait_for
from own_postgres import OwnPostgres

KILLS = int(os.environ.get("OPSTEWARD_KILL_ROUNDS", "12"))
WRITERS = 4


class Writers:
    """Make units as fast as the server takes them; remember those it acknowledged."""

    def __init__(self, server: Opsteward, token: str, kept: dict[int, str]):
        self.api = Api(server, token)
        self.kept = kept
        self.jobs: list[int] = []
        self.has_written = threading.Event()
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self.write, args=(number,)) for number in range(WRITERS)]
        for thread in self.threads:
            thread.start()

    def write(self, number: int) -> None:
        for count in range(1_000_000):
            if self.ended.is_set():
                return
            name = f"unit {number}-{count}-{random.random()}"
            try:
                answer = self.api.post("/units", {"parent_id": 1, "name": name})
                if answer.status == 201:
                    self.kept[answer.json()["id"]] = name
                    self.has_written.set()
                if count % 5 == number and (job := self.api.post("/devices/1/observe")).status == 202:
                    self.jobs.append(job.json()["job"]["id"])
            except (OSError, http.client.HTTPException, ssl.SSLError, ValueError):
                if not self.api.server.is_running:
                    return

    def stop(self) -> None:
        self.ended.set()
        for thread in self.threads:
            thread.join(60)


def assert_nothing_lost(server: Opsteward, api: Api, kept: dict[int, str]) -> None:
    units = {unit["id"]: unit["name"] for unit in api.get("/units")["items"]}
    lost = {number: name for number, name in kept.items() if units.get(number) != name}
    assert not lost
    verified = server.run("db", "verify", "--data", str(server.data), *server.database_options())
    assert verified.returncode == 0, verified.stderr


def test_kill_9_at_random_moments_loses_nothing_acknowledged(new_server):
    random.seed(20251105)
    new_server.start()
    token = new_server.token()
    kept: dict[int, str] = {}
    jobs: list[int] = []
    for _ in range(KILLS):
        writers = Writers(new_server, token, kept)
        assert writers.has_written.wait(30)
        # A moment of the server's own making: after some number of further acknowledgements.
        target = len(kept) + random.randrange(60)
        wait_for(lambda: len(kept) >= target, "more to be written")
        new_server.process.kill()
        writers.stop()
        new_server.finish(30)
        jobs += writers.jobs
        new_server.start()
        assert_nothing_lost(new_server, Api(new_server, token), kept)
    api = Api(new_server, token)
    # What waited while the server was mostly dead is done one after the other now.
    patience = 120 + 2 * len(jobs)
    for job_id in set(jobs):
        job = wait_for(lambda: (j := api.get(f"/jobs/{job_id}")["job"])["state"] not in ("queued", "running") and j, "an accepted job to end", patience)
        # Where the server is killed again and again, an observation may be cut off as often as it is tried (twice), and says so.
        is_worn_out = job["state"] == "failed" and job["attempts"] == 2 and "cut off" in job["error"]["en"]
        assert job["state"] == "succeeded" or is_worn_out, job
        assert job["attempts"] <= 2
    assert new_server.stop() == 0


@pytest.fixture
def own_postgres(tmp_path):
    server = OwnPostgres(tmp_path / "postgres")
    yield server.start()
    server.remove()


def test_the_database_killed_in_the_middle_is_told_survived_and_found_again(tmp_path, own_postgres):
    server = Opsteward(tmp_path / "data", own_postgres.url).start()
    token = server.token()
    kept: dict[int, str] = {}
    api = Api(server, token)
    for _ in range(3):
        writers = Writers(server, token, kept)
        assert writers.has_written.wait(30)
        own_postgres.kill()
        refused = wait_for(lambda: (a := api.call("GET", "/units")).status == 503 and a, "the outage to show")
        assert refused.json()["error"]["code"] == "unavailable"
        assert "postgresql://" not in refused.text
        assert server.request("GET", "/healthz").status == 503
        page = server.request("GET", "/login")
        assert page.status == 200, "what needs no records is still there"
        own_postgres.start()
        wait_for(lambda: api.call("GET", "/units").status == 200, "the records to be back")
        before = len(kept)
        wait_for(lambda: len(kept) > before, "writing to go on")
        writers.stop()
        assert_nothing_lost(server, api, kept)
    job = wait_for(lambda: (a := api.post("/devices/1/observe")).status == 202 and a, "jobs to be taken").json()["job"]["id"]
    wait_for(lambda: api.get(f"/jobs/{job}")["job"]["state"] == "succeeded", "jobs to run again", 120)
    assert server.stop() == 0
    assert "ops@" not in server.log_text()


def test_a_database_that_is_away_at_the_start_is_told_by_exit_code_and_message(tmp_path, own_postgres):
    url = own_postgres.url
    own_postgres.kill()
    server = Opsteward(tmp_path / "data", url)
    done = server.run("serve", "--data", str(server.data), "--listen", "127.0.0.1:0", "--db", url)
    assert done.returncode == 5
    assert "PostgreSQL" in done.stderr and "ops@" not in done.stderr
