"""A headless Chromium driven through its own debugging pipe: no driver, no port, no other package."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.programs import program

SECONDS = 60
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--remote-debugging-pipe",
)
LAUNCH = """
import fcntl, os, sys
reading, writing = (fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3])
os.dup2(reading, 3)
os.dup2(writing, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
# Chromium reads commands from file descriptor 3 and answers on 4.


class Browser:
    """One tab, and the commands of the debugging protocol sent to it."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading, self._writing = reading, writing
        self._buffer = b""
        self._last = 0
        self.messages: list[dict[str, Any]] = []
        self._session: str | None = None

    def attach(self) -> None:
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._last += 1
        number = self._last
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._writing, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.messages.append(answer)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            part = os.read(self._reading, 1 << 16)
            if not part:
                raise RuntimeError("Chromium ended")
            self._buffer += part
        message, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(message)

    def open(self, address: str) -> None:
        self.send("Page.navigate", url="about:blank")
        self.send("Page.navigate", url=address)
        self.ready()

    def reload(self) -> None:
        self.run("window.before = true")
        self.send("Page.reload")
        self.until("window.before === undefined")
        self.ready()

    def ready(self) -> None:
        self.until("document.readyState === 'complete' && location.protocol === 'file:'")

    def run(self, script: str) -> Any:
        """Return the value of an expression in the page."""
        found = self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in found:
            raise RuntimeError(f"{script}: {found['exceptionDetails']}")
        return found["result"].get("value")

    def until(self, condition: str) -> None:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            try:
                if self.run(condition):
                    return
            except RuntimeError as error:
                if "ontext" not in str(error):
                    raise
            time.sleep(0.05)
        raise TimeoutError(condition)

    def click(self, selector: str) -> None:
        """Click the middle of an element, as a finger or a mouse would; it must be visible."""
        where = self.run(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            "e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect();"
            "return [r.x + r.width / 2, r.y + r.height / 2, r.width, r.height]; })()"
        )
        if not where[2] or not where[3]:
            raise RuntimeError(f"{selector} is not visible")
        for kind in ("mousePressed", "mouseReleased"):
            self.send(
                "Input.dispatchMouseEvent", type=kind, x=where[0], y=where[1], button="left", clickCount=1
            )

    def press(self, key: str, code: int) -> None:
        for kind in ("keyDown", "keyUp"):
            self.send(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code,
                **({"text": " "} if key == " " and kind == "keyDown" else {}),
            )  # fmt: skip

    def size(self, width: int, height: int, *, phone: bool = False) -> None:
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if phone else 1,
            mobile=phone,
        )

    def picture(self, path: Path, *, whole: bool = False) -> Path:
        shot = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(shot["data"]))
        return path

    def downloads(self, folder: Path) -> None:
        self.send("Page.setDownloadBehavior", behavior="allow", downloadPath=str(folder))

    def accept_dialogs(self) -> None:
        self.run("window.confirm = () => true")

    def complaints(self) -> list[str]:
        """What the page logged as errors: script exceptions and violations of its security policy."""
        found = []
        for message in self.messages:
            if message["method"] == "Runtime.exceptionThrown":
                found.append(json.dumps(message["params"]))
            if message["method"] == "Log.entryAdded" and message["params"]["entry"]["level"] == "error":
                found.append(message["params"]["entry"]["text"])
        return found

    def requests(self) -> list[str]:
        """Every address that the page asked for."""
        sent = (m for m in self.messages if m["method"] == "Network.requestWillBeSent")
        return [message["params"]["request"]["url"] for message in sent]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium with an empty profile of its own, and end it."""
    profile = tempfile.mkdtemp(prefix="chromium-")
    to_browser, to_us = os.pipe(), os.pipe()
    ends = (to_browser[0], to_us[1])
    process = subprocess.Popen(  # noqa: S603 - our own command
        [
            sys.executable,
            "-c",
            LAUNCH,
            *map(str, ends),
            program("chromium"),
            *FLAGS,
            f"--user-data-dir={profile}",
        ],
        pass_fds=ends,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for end in ends:
        os.close(end)
    browser = Browser(to_us[0], to_browser[1])
    try:
        browser.attach()
        yield browser
    finally:
        os.close(to_browser[1])
        os.close(to_us[0])
        process.terminate()
        process.wait(SECONDS)
        shutil.rmtree(profile, ignore_errors=True)
