"""Drives the real program: starts it on a folder and a database of its own, talks to it as people and programs do."""

import base64
import hmac
import http.client
import json
import os
import re
import signal
import ssl
import subprocess
import time
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BINARY = Path(os.environ.get("OPSTEWARD_BINARY", ROOT / "build" / "release" / "opsteward"))
PASSWORD = "Correct-Horse-7-Battery"


def wait_for(condition, what: str, seconds: float = 30.0):
    """Asks again and again until `condition` gives something true, and gives that."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(0.05)


def totp_code(key: str, steps: int = 0) -> str:
    """The six digits of RFC 6238 at this moment, or so many half minutes from it."""
    step = int(time.time()) // 30 + steps
    digest = hmac.digest(base64.b32decode(key), step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 15
    return f"{(int.from_bytes(digest[offset:offset + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


class Answer:
    def __init__(self, response: http.client.HTTPResponse):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    def json(self):
        return json.loads(self.body)


class Opsteward:
    """One server process and its data folder."""

    def __init__(self, data: Path, database: str | None = None, options: tuple[str, ...] = ()):
        self.data = data
        self.database = database
        self.options = list(options)
        self.process: subprocess.Popen | None = None
        self.first_password: str | None = None
        self.address = ""
        self.tokens: dict[tuple[str, str], str] = {}

    def command(self, *arguments: str) -> list[str]:
        return [str(BINARY), *arguments]

    def run(self, *arguments: str, **more) -> subprocess.CompletedProcess:
        """A command of the program that ends by itself."""
        return subprocess.run(self.command(*arguments), capture_output=True, text=True, timeout=120, check=False, **more)

    def database_options(self) -> list[str]:
        return ["--db", self.database] if self.database else []

    def start(self, seconds: float = 30.0, preexec_fn=None) -> "Opsteward":
        """Starts the server and waits until it says where it listens."""
        log = open(self.data.parent / f"{self.data.name}.log", "ab")
        self.process = subprocess.Popen(
            self.command("--json", "serve", "--data", str(self.data), "--listen", "127.0.0.1:0",
                         *self.database_options(), *self.options),
            stdout=subprocess.PIPE, stderr=log, text=True, preexec_fn=preexec_fn)
        line = self.process.stdout.readline()
        if not line:
            self.process.wait(seconds)
            raise AssertionError(f"the server did not start: {self.log_text()[-2000:]}")
        started = json.loads(line)
        self.address = started["address"]
        self.first_password = started.get("first_password") or self.first_password
        return self

    def log_text(self) -> str:
        return (self.data.parent / f"{self.data.name}.log").read_text(encoding="utf-8", errors="replace")

    def stop(self, seconds: float = 30.0) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.finish(seconds)

    def kill(self) -> None:
        self.process.kill()
        self.finish(30)

    def finish(self, seconds: float) -> int:
        code = self.process.wait(seconds)
        self.process.stdout.close()
        self.process = None
        return code

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def connect(self, timeout: float = 30.0) -> http.client.HTTPConnection:
        url = urllib.parse.urlsplit(self.address)
        if url.scheme == "http":
            return http.client.HTTPConnection(url.hostname, url.port, timeout=timeout)
        context = ssl.create_default_context(cafile=str(self.data / "server.crt"))
        return http.client.HTTPSConnection(url.hostname, url.port, timeout=timeout, context=context)

    def request(self, method: str, path: str, body: bytes | str | None = None, headers: dict | None = None,
                connection: http.client.HTTPConnection | None = None) -> Answer:
        link = connection or self.connect()
        try:
            link.request(method, path, body, headers or {})
            return Answer(link.getresponse())
        finally:
            if connection is None:
                link.close()

    def token(self, scope: str = "write", user: str = "admin") -> str:
        """A token by the command line; one and the same for the same scope and user."""
        if (scope, user) not in self.tokens:
            done = self.run("user", "token", "--data", str(self.data), *self.database_options(), "--user", user, "--scope", scope)
            assert done.returncode == 0, done.stderr
            self.tokens[scope, user] = done.stdout.strip()
        return self.tokens[scope, user]


class Api:
    """The API with a bearer token."""

    def __init__(self, server: Opsteward, token: str | None = None):
        self.server = server
        self.headers = {"Authorization": f"Bearer {token or server.token()}"}

    def call(self, method: str, path: str, value=None) -> Answer:
        headers = dict(self.headers)
        body = None
        if value is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(value)
        return self.server.request(method, "/api/v1" + path, body, headers)

    def get(self, path: str):
        answer = self.call("GET", path)
        assert answer.status == 200, f"GET {path}: {answer.status} {answer.text[:500]}"
        return answer.json()

    def post(self, path: str, value=None) -> Answer:
        return self.call("POST", path, value if value is not None else {})


class Browser:
    """Forms and cookies as a browser handles them, without running scripts."""

    def __init__(self, server: Opsteward):
        self.server = server
        self.cookies: dict[str, str] = {}
        self.page: Answer | None = None
        self.path = "/"

    def send(self, method: str, path: str, fields: dict | None = None, headers: dict | None = None) -> Answer:
        more = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}
        body = None
        if fields is not None:
            body = urllib.parse.urlencode(fields, doseq=True)
            more |= {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin",
                     "Origin": self.server.address}
        answer = self.server.request(method, path, body, more | (headers or {}))
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = cookie.partition("=")
            value = rest.split(";")[0]
            if value and "max-age=0" not in cookie.lower():
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
        return answer

    def open(self, path: str) -> Answer:
        """Follows redirects, as a browser does."""
        answer = self.send("GET", path)
        for _ in range(5):
            if answer.status not in (302, 303):
                break
            path = answer.headers["Location"]
            answer = self.send("GET", path)
        self.page, self.path = answer, path
        return answer

    def csrf(self) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', self.page.text)
        return found.group(1) if found else ""

    def post(self, path: str, fields: dict | None = None) -> Answer:
        """Sends a form of the page that is open, and follows where it leads."""
        answer = self.send("POST", path, {"csrf": self.csrf(), **(fields or {})})
        if answer.status in (302, 303):
            return self.open(answer.headers["Location"])
        self.page, self.path = answer, path
        return answer

    def sign_in(self, name: str = "admin", password: str = PASSWORD) -> Answer:
        self.open("/login")
        return self.post("/login", {"name": name, "password": password})

    def first_sign_in(self, name: str = "admin", one_time_password: str | None = None) -> "Browser":
        """With the one-time password, which has to be changed at once."""
        current = one_time_password or self.server.first_password
        self.sign_in(name, current)
        answer = self.post("/account/password", {"current": current, "replacement": PASSWORD, "repeated": PASSWORD})
        assert answer.status == 200, answer.text[:800]
        return self

    def set_up_second_factor(self) -> tuple[str, list[str]]:
        """Its key and the recovery codes."""
        self.open("/account/totp")
        key = re.search(r"\b[A-Z2-7]{32}\b", self.post("/account/totp/begin").text).group()
        answer = self.post("/account/totp", {"code": totp_code(key)})
        assert answer.status == 200, answer.text[:800]
        codes = re.search(r"<pre[^>]*>(.*?)</pre>", answer.text, re.DOTALL).group(1)
        return key, re.sub(r"<[^>]*>", "", codes).split()
