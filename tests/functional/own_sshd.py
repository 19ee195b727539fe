"""An SSH server of a test's own: host key, user key and configuration in one folder, on a port of loopback; and a line to it that can be cut."""

import contextlib
import getpass
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

from opsteward import wait_for

SSHD = Path("/usr/sbin/sshd")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def children_of(process: int) -> list[int]:
    """And theirs."""
    found = []
    for task in Path(f"/proc/{process}/task").glob("*"):
        with contextlib.suppress(OSError):
            for child in map(int, (task / "children").read_text().split()):
                found += [child, *children_of(child)]
    return found


class OwnSshd:
    def __init__(self, folder: Path):
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen | None = None
        folder.mkdir(mode=0o700)
        self.user_key = self.new_key("user_key")
        self.host_key = self.new_key("host_key")
        (folder / "authorized_keys").write_text(self.user_key.with_suffix(".pub").read_text())
        self.known_hosts = self.know(self.port)
        (folder / "sshd_config").write_text(f"""\
Port {self.port}
ListenAddress 127.0.0.1
HostKey {self.host_key}
AuthorizedKeysFile {folder}/authorized_keys
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
Subsystem sftp internal-sftp
""")
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where Debian's sshd insists on leaving its rights
        self.start()

    def new_key(self, name: str) -> Path:
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / name], check=True)
        return self.folder / name

    def know(self, *ports: int) -> Path:
        """A known_hosts file with the host's key for these ports."""
        kind, key, *_ = self.host_key.with_suffix(".pub").read_text().split()
        file = self.folder / f"known_hosts_{'_'.join(map(str, ports))}"
        file.write_text("".join(f"[127.0.0.1]:{port} {kind} {key}\n" for port in ports))
        return file

    @property
    def fingerprint(self) -> str:
        return subprocess.run(["ssh-keygen", "-lf", self.host_key], capture_output=True, text=True, check=True).stdout.split()[1]

    def url(self, path: Path, port: int | None = None) -> str:
        return f"ssh://{getpass.getuser()}@127.0.0.1:{port or self.port}{path}"

    def start(self) -> None:
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen([SSHD, "-D", "-e", "-f", self.folder / "sshd_config"], stdout=log, stderr=log)
        wait_for(self.answers, "the SSH server")

    def answers(self) -> bool:
        assert self.process.poll() is None, (self.folder / "log").read_text()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
            return line.recv(4) == b"SSH-"
        return False

    def kill(self) -> None:
        """With all connections, as when the machine loses its power."""
        for process in [self.process.pid, *children_of(self.process.pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.process.wait(30)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.kill()


class Line:
    """Hands on what comes for a server, and calls `at_limit` once when so many bytes have gone there. What is behind them goes on, unless it returns False."""

    def __init__(self, port: int, limit: int, at_limit: Callable[[], bool | None]):
        self.limit = limit
        self.at_limit = at_limit
        self.server_port = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        with contextlib.suppress(OSError):
            client, _ = self.listener.accept()
            server = socket.create_connection(("127.0.0.1", self.server_port))
            threading.Thread(target=self.hand_on, args=(server, client, None), daemon=True).start()
            self.hand_on(client, server, self.limit)

    def hand_on(self, source: socket.socket, target: socket.socket, limit: int | None) -> None:
        gone = 0
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                target.sendall(data)
                gone += len(data)
                if limit is not None and gone >= limit:
                    limit = None
                    if self.at_limit() is False:
                        return
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.listener.close()
