"""Servers on SQLite and PostgreSQL. OPSTEWARD_TEST_POSTGRES is the address of a PostgreSQL server whose user may make databases."""

import contextlib
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


@contextlib.contextmanager
def made_database(kind: str):
    """Where records are kept: None is SQLite in the data folder, else the address of a PostgreSQL database of its own."""
    if kind == "sqlite":
        yield None
        return
    if not POSTGRES:
        pytest.skip("OPSTEWARD_TEST_POSTGRES is not set: no PostgreSQL to test with")
    name = "ops_" + secrets.token_hex(6)
    psql(f"CREATE DATABASE {name}")
    yield urllib.parse.urlsplit(POSTGRES)._replace(path="/" + name).geturl()
    psql(f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.contextmanager
def started(instance: Opsteward):
    """Stopped and looked through afterwards."""
    yield instance.start()
    if instance.is_running:
        assert instance.stop() == 0, instance.log_text()[-2000:]
    assert "Traceback" not in instance.log_text() and "Sanitizer" not in instance.log_text()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request):
    with made_database(request.param) as address:
        yield address


@pytest.fixture
def server(tmp_path, database):
    """Started, on either database."""
    with started(Opsteward(tmp_path / "data", database)) as instance:
        yield instance


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def shared_server(request, tmp_path_factory):
    """One for all tests of a file, which only read, or write what is theirs: starting one for each would take longer than they do."""
    with made_database(request.param) as database, started(Opsteward(tmp_path_factory.mktemp("shared") / "data", database)) as instance:
        yield instance


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
