"""What the tests of the course's pages share: a page served by its command, and a Chromium."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from fercourse import cli

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")

needs_ctrl_c = pytest.mark.skipif(
    os.name == "nt", reason="Windows sends no such signal to one process"
)


def served(folder, *words):
    """Start a verb that serves a page; return the process and its address."""
    environment = {**os.environ, "FERCOURSE_DATA": str(folder / "data"), "TMPDIR": str(folder)}
    environment.pop("FERCOURSE_MODELS", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "fercourse.cli", *words, "--no-browser"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    line = process.stdout.readline()
    found = re.search(r"http://\S+:\d+", line)
    assert found, line + process.communicate(timeout=60)[1]
    return process, found[0]


def ended(process):
    """Press Ctrl-C; return the exit code and what was said."""
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    return process.returncode, error


def asked(address, **headers):
    request = urllib.request.Request(address, headers=headers)
    return urllib.request.urlopen(request, timeout=30)


class ServedPage:
    """What holds for every page of the course.

    A test file that has the fixtures ``words``, how the page is asked for on the command line,
    and ``address``, where it is served, says ``class TestServed(ServedPage)``.
    """

    def test_the_page_forbids_browsers_to_ask_others(self, address):
        with asked(address) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert answer.status == 200
        assert "default-src 'self'" in policy
        assert not re.search(r"https?:|\*", policy)

    def test_the_page_is_not_there_under_a_foreign_name(self, address):
        with pytest.raises(urllib.error.HTTPError, match="400"):
            asked(address, Host="elsewhere.example")

    def test_only_this_machine_is_served_unless_told(self, address):
        assert address.startswith("http://127.0.0.1:")
        others = [where[4][0] for where in socket.getaddrinfo(socket.gethostname(), None)]
        port = int(address.rsplit(":", 1)[1])
        for other in {name for name in others if not name.startswith("127.") and name != "::1"}:
            with pytest.raises(OSError, match=""):
                socket.create_connection((other, port), timeout=2)

    @needs_ctrl_c
    def test_ctrl_c_ends_it_and_leaves_nothing(self, words, tmp_path):
        process, _ = served(tmp_path, *words)
        code, error = ended(process)
        assert code == 130
        assert "Traceback" not in error
        assert [path.name for path in tmp_path.iterdir()] == []

    def test_a_port_that_is_taken_is_a_sentence(self, words, capsys):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            assert cli.main([*words, "--no-browser", "--port", str(port)]) == 2
        assert f"Port {port} cannot be used" in capsys.readouterr().err

    @pytest.mark.parametrize("port", ["99999999", "-5", "0", "http"])
    def test_a_port_that_is_none_is_said(self, words, port, capsys):
        with pytest.raises(SystemExit, match="2"):
            cli.main([*words, "--no-browser", "--port", port])
        assert f"a port is a number from 1 to 65535, not {port!r}" in capsys.readouterr().err


@contextlib.contextmanager
def chromium(*words):
    """A Chromium without a window that asks its makers for nothing; skips where there is none."""
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM:
        pytest.skip("there is no Chromium here")
    words = ["--no-sandbox", "--disable-background-networking", *words]
    with sync.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=words)
        yield browser
        browser.close()


@contextlib.contextmanager
def opened(browser, address, width=1200, height=900):
    """The page, open; and that it asked nobody else for anything, and nothing went wrong."""
    page = browser.new_page(viewport={"width": width, "height": height})
    requests, faults = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(address)
    yield page
    page.close()
    outside = [url for url in requests if not url.startswith((address, "data:", "blob:"))]
    assert requests
    assert outside == []
    assert faults == []
