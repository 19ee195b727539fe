"""A PostgreSQL server of a test's own, which can be killed and started again."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from opsteward import wait_for

PROGRAMS = Path("/usr/lib/postgresql/15/bin")


def as_postgres() -> dict:
    """PostgreSQL does not run as root: then it runs as its own user."""
    if os.getuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class OwnPostgres:
    def __init__(self, folder: Path):
        self.folder = folder
        self.process: subprocess.Popen | None = None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        folder.mkdir(mode=0o755)
        if identity := as_postgres():
            for above in [folder, *folder.parents]:
                if above.owner() == "root" and above != Path("/") and not above.stat().st_mode & 0o005:
                    above.chmod(above.stat().st_mode | 0o055)
            os.chown(folder, identity["user"], identity["group"])
        subprocess.run([PROGRAMS / "initdb", "-D", folder / "data", "-U", "ops", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"],
                       check=True, capture_output=True, cwd="/", **as_postgres())

    @property
    def url(self) -> str:
        return f"postgresql://ops@127.0.0.1:{self.port}/postgres"

    def start(self) -> "OwnPostgres":
        log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen(
            [PROGRAMS / "postgres", "-D", self.folder / "data", "-p", str(self.port), "-c", "listen_addresses=127.0.0.1",
             "-c", f"unix_socket_directories={self.folder}"], stdout=log, stderr=log, cwd="/", **as_postgres())
        wait_for(lambda: subprocess.run([PROGRAMS / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)], check=False).returncode == 0,
                 "PostgreSQL to start")
        return self

    def kill(self) -> None:
        """As a power failure would: the server and all it started."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii").split()
        self.process.kill()
        self.process.wait(30)
        for child in children:
            try:
                os.kill(int(child), signal.SIGKILL)
            except ProcessLookupError:
                pass
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)

    def remove(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)
