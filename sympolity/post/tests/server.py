"""A mail server of its own process, as good or bad as the address it is asked for.

What it accepted lies in a folder, one file for each time. The part of an address before the @ says how it behaves:
``ok``, ``soft`` and ``hard`` and ``policy`` (refused at RCPT), ``late`` and ``words`` (refused after DATA), ``hang``
(silence after DATA), ``cut`` (accepted, and the line drops before the answer), ``drop`` (the line drops at RCPT).
A file ``mode`` in the folder says how it greets: ``busy`` (421) or ``stranger`` (refuses our sender).
"""

from __future__ import annotations

import contextlib
import socketserver
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

AT_RCPT = {"soft": "451 4.7.1 try again", "hard": "550 5.1.1 no such user", "policy": "550 5.7.1 we do not like you"}
AFTER_DATA = {"late": "452 4.3.1 disk full", "words": "554 5.6.0 this reads like an advertisement"}


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        mode = self.server.mode()
        if mode == "busy":
            self._say("421 come again")
            return
        self._say("220 mail.test")
        to = ""
        while line := self.rfile.readline().decode("latin-1").strip():
            verb = line[:4].upper()
            if verb == "MAIL":
                self._say("550 5.7.1 no such sender" if mode == "stranger" else "250 ok")
            elif verb == "RCPT":
                to = line.partition("<")[2].partition("@")[0].partition("+")[0].lower()
                if to == "drop":
                    return
                self._say(AT_RCPT.get(to, "250 ok"))
            elif verb == "DATA":
                self._say("354 go on")
                if not self._data(to):
                    return
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _data(self, to: str) -> bool:
        """Take the words; whether the line stays."""
        lines: list[bytes] = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False
            lines.append(line[1:] if line.startswith(b"..") else line)
        if to == "hang":
            time.sleep(3)
            return False
        if to in AFTER_DATA:
            self._say(AFTER_DATA[to])
            return True
        self.server.keep(b"".join(lines))
        if to == "cut":
            return False
        self._say("250 taken")
        return True

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, folder: Path, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Conversation)
        self.folder = folder

    def mode(self) -> str:
        with contextlib.suppress(OSError):
            return (self.folder / "mode").read_text()
        return ""

    def keep(self, content: bytes) -> None:
        name = f"{time.time_ns()}"
        (self.folder / f"{name}.part").write_bytes(content)
        (self.folder / f"{name}.part").rename(self.folder / f"{name}.eml")

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed in the middle of a word is no news."""


@dataclass(frozen=True)
class MailServer:
    """The running server: its port, and what it accepted."""

    folder: Path
    port: int

    def mails(self) -> list[EmailMessage]:
        found = sorted(self.folder.glob("*.eml"))
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]

    def mode(self, word: str) -> None:
        (self.folder / "mode").write_text(word)


@contextlib.contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[MailServer]:
    """The server in a process of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, __file__, str(folder), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield MailServer(folder, int(process.stdout.readline()))
        finally:
            process.kill()


if __name__ == "__main__":
    with _Server(Path(sys.argv[1]), int(sys.argv[2])) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()
