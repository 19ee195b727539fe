"""One furnished server for all tests here; a browser per file, so that never two of them run."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "functional"))

from chromium import Chromium
from opsteward import PASSWORD, Opsteward
from world import Listener, choose_password, furnish


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    server = Opsteward(tmp_path_factory.mktemp("console") / "data").start()
    choose_password(server)
    yield furnish(server)
    assert server.stop() == 0, server.log_text()[-2000:]


@pytest.fixture(scope="module")
def chromium():
    driver = Chromium()
    yield driver
    driver.quit()


@pytest.fixture
def listener(world):
    opened = Listener(world)
    opened.wait_until_found()
    yield opened
    opened.close()
