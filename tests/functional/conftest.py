"""Servers on SQLite and PostgreSQL. OPSTEWARD_TEST_POSTGRES is the address of a PostgreSQL server whose user may make databases."""

import os
import secrets
import subprocess
import urllib.parse

import pytest

from opsteward import Api, Browser, Opsteward

POSTGRES = os.environ.get("OPSTEWARD_TEST_POSTGRES", "")


def psql(statement: str, database: str = "postgres") -> str:
    url = urllib.parse.urlsplit(POSTGRES)._replace(path="/" + database).geturl()
    done = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement], capture_output=True,
                          text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(params=["sqlite", "postgres"])
def database(request):
    """Where records are kept: None is SQLite in the data folder, else the address of a PostgreSQL database of its own."""
    if request.param == "sqlite":
        yield None
        return
    if not POSTGRES:
        pytest.skip("OPSTEWARD_TEST_POSTGRES is not set: no PostgreSQL to test with")
    name = "ops_" + secrets.token_hex(6)
    psql(f"CREATE DATABASE {name}")
    yield urllib.parse.urlsplit(POSTGRES)._replace(path="/" + name).geturl()
    psql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def server(tmp_path, database):
    """Started, on either database; stopped and looked through afterwards."""
    instance = Opsteward(tmp_path / "data", database).start()
    yield instance
    if instance.is_running:
        assert instance.stop() == 0, instance.log_text()[-2000:]
    assert "Traceback" not in instance.log_text() and "Sanitizer" not in instance.log_text()


@pytest.fixture
def new_server(tmp_path, database):
    """Not started yet; killed afterwards if it still runs."""
    instance = Opsteward(tmp_path / "data", database)
    yield instance
    if instance.is_running:
        instance.kill()


@pytest.fixture
def api(server):
    return Api(server)


@pytest.fixture
def browser(server):
    return Browser(server).first_sign_in()
