"""``course.py start`` serves JupyterLab, whatever the person's own Jupyter settings say."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import websocket

from fercourse.commands import start
from fercourse.errors import CourseError

ROOT = Path(__file__).resolve().parents[1]
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course whose faces are ready: ``fercourse.dataset`` says no more than that here."""
    root = tmp_path_factory.mktemp("course")
    shutil.copytree(
        ROOT / "src/fercourse",
        root / "src/fercourse",
        ignore=shutil.ignore_patterns("__pycache__", "dataset", "drawn"),
    )
    dataset = root / "src/fercourse/dataset.py"
    dataset.write_text("def is_prepared():\n    return True\n")
    for name in ("course.py", "pyproject.toml"):
        shutil.copy(ROOT / name, root)
    shutil.copytree(ROOT / "lessons", root / "lessons")
    return root


@pytest.fixture(scope="module")
def hostile_home(tmp_path_factory):
    """A home folder whose Jupyter settings would break or unlock any server that read them."""
    home = tmp_path_factory.mktemp("home")
    (home / ".jupyter").mkdir()
    (home / ".jupyter/jupyter_server_config.py").write_text("this is not Python")
    (home / ".jupyter/jupyter_config.json").write_text("{ nor is this JSON")
    (home / ".jupyter/jupyter_server_config.json").write_text(
        json.dumps({"IdentityProvider": {"token": ""}, "ServerApp": {"base_url": "/elsewhere"}})
    )
    kernel = home / ".local/share/jupyter/kernels/python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(
        json.dumps({"argv": ["/nowhere/python"], "display_name": "broken", "language": "python"})
    )
    return home


def _start(course: Path, *arguments: str, **changes: str) -> "subprocess.Popen[str]":
    root = ["--allow-root"] if AS_ROOT else []
    return subprocess.Popen(
        [sys.executable, str(course / "course.py"), "start", "--no-browser", *root, *arguments],
        env={**os.environ, "FERCOURSE_DATA": str(course / "data"), **changes},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=course.parent,
    )


def _address(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """Return the server's address and token from the line that it prints."""
    said = ""
    for line in process.stdout:
        said += line
        if match := re.search(r"(http://127\.0\.0\.1:\d+)/lab/tree/(\S+)\?token=(\w+)", line):
            assert match.group(2) == "lessons/contents.ipynb"
            return match.group(1), match.group(3)
    raise AssertionError(said)


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.read().decode()


@pytest.fixture(scope="module")
def served(course, hostile_home):
    process = _start(course, HOME=str(hostile_home), JUPYTER_TOKEN="")
    address, token = _address(process)
    yield address, token
    process.terminate()
    process.communicate(timeout=30)


def test_the_server_answers_with_its_token_as_soon_as_it_says_so(served):
    address, token = served
    assert "started" in json.loads(_get(f"{address}/api/status?token={token}"))


def test_without_the_token_nobody_gets_in(served):
    address, _ = served
    with pytest.raises(urllib.error.HTTPError) as refused:
        _get(f"{address}/api/contents")
    assert refused.value.code == 403


def test_the_contents_page_is_there(served):
    address, token = served
    page = json.loads(_get(f"{address}/api/contents/lessons/contents.ipynb?token={token}"))
    assert page["type"] == "notebook"


def test_nothing_asks_the_internet(served):
    address, token = served
    page = _get(f"{address}/lab?token={token}")
    settings = json.loads(page.split('id="jupyter-config-data"')[1].split(">", 1)[1].split("<")[0])
    assert settings["news"]["disabled"] is True
    assert settings["extensionManager"]["can_install"] is False
    path = "lab/api/settings/@jupyterlab/apputils-extension:notification"
    schema = json.loads(_get(f"{address}/{path}?token={token}"))["schema"]["properties"]
    assert schema["fetchNews"]["default"] == "false"
    assert schema["checkForUpdates"]["default"] is False


def test_a_cell_runs_in_the_environment_s_own_python(served):
    address, token = served
    request = urllib.request.Request(
        f"{address}/api/kernels?token={token}", data=b'{"name": "python3"}', method="POST"
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        kernel = json.loads(answer.read())["id"]
    said = _run_cell(f"{address}/api/kernels/{kernel}", token, "import sys; print(sys.prefix)")
    assert said.strip() == sys.prefix


@pytest.mark.skipif(os.name == "nt", reason="PowerShell's words are others")
def test_python_in_a_terminal_is_the_environment_s_own(served):
    address, token = served
    request = urllib.request.Request(f"{address}/api/terminals?token={token}", method="POST")
    with urllib.request.urlopen(request, timeout=30) as answer:
        name = json.loads(answer.read())["name"]
    socket_ = websocket.create_connection(
        f"{address.replace('http', 'ws', 1)}/terminals/websocket/{name}?token={token}", timeout=60
    )
    said = ""
    try:
        # The quotes keep the echo of what is typed here from being taken for the end.
        typed = "python -c 'import sys; print(sys.prefix)'; echo the e''nd\r"
        socket_.send(json.dumps(["stdin", typed]))
        while "the end" not in said:
            kind, *texts = json.loads(socket_.recv())
            said += texts[0] if kind == "stdout" else ""
    finally:
        socket_.close()
    assert sys.prefix in said.split()


def _run_cell(kernel: str, token: str, code: str) -> str:
    """Run a cell as a browser does, and return what it printed."""
    socket_ = websocket.create_connection(
        f"{kernel.replace('http', 'ws', 1)}/channels?token={token}", timeout=60
    )
    header = {"msg_id": "1", "msg_type": "execute_request", "session": "s", "username": ""}
    content = {"code": code, "silent": False, "store_history": False, "allow_stdin": False}
    message = {"header": header | {"version": "5.3"}, "parent_header": {}, "metadata": {}}
    socket_.send(json.dumps(message | {"content": content, "channel": "shell", "buffers": []}))
    said = ""
    try:
        while True:
            answer = json.loads(socket_.recv())
            if answer["msg_type"] == "stream":
                said += answer["content"]["text"]
            if answer["msg_type"] == "execute_reply":
                assert answer["content"]["status"] == "ok"
            ours = answer["parent_header"].get("msg_id") == "1"
            if ours and answer["content"].get("execution_state") == "idle":
                return said
    finally:
        socket_.close()


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent another way on Windows")
def test_ctrl_c_ends_it_with_a_sentence(course):
    process = _start(course)
    _address(process)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert out.splitlines()[-1] == "JupyterLab has stopped."
    assert "Traceback" not in out


def test_a_port_that_was_asked_for_and_is_in_use_is_a_sentence(course):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        process = _start(course, "--port", str(port))
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert out.startswith(f"course.py start: port {port} is in use")
    assert out.count("\n") == 1


def test_a_free_port_that_was_asked_for_is_taken(course):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    process = _start(course, "--port", str(port))
    address, _ = _address(process)
    process.terminate()
    process.communicate(timeout=30)
    assert address.endswith(f":{port}")


def test_root_is_told_what_that_means_unless_it_was_meant(monkeypatch, capsys):
    monkeypatch.setattr(start.os, "geteuid", lambda: 0, raising=False)
    assert start._look_at_root(meant=False)
    assert "You are root" in capsys.readouterr().out
    assert start._look_at_root(meant=True)
    assert not capsys.readouterr().out


def test_only_root_may_say_that_root_is_meant(monkeypatch, capsys):
    monkeypatch.setattr(start.os, "geteuid", lambda: 1000, raising=False)
    assert not start._look_at_root(meant=False)
    assert not capsys.readouterr().out
    with pytest.raises(CourseError, match="for root only"):
        start._look_at_root(meant=True)
