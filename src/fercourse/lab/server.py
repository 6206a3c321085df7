"""Serving JupyterLab in this process.

The server runs here rather than as another program, so that one line can be printed at the
moment it answers and Ctrl-C means the same on every system.
"""

import os
import secrets
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from fercourse.errors import CourseError
from fercourse.workspace import data_folder, repository_root

CONTENTS = "lessons/contents.ipynb"
_SETTINGS = Path(__file__).with_name("settings")


def serve(*, port: int | None, browser: bool, allow_root: bool) -> int:
    """Serve the course until Ctrl-C, a request to end, or *Shut Down* in JupyterLab.

    Args:
        port: the port to use or none; None takes the first free one from 8888 on.
        browser: whether to open the contents page in the person's browser.
        allow_root: whether root may serve.

    Returns:
        0 when it was ended.

    Raises:
        CourseError: the server could not start.
    """
    root = repository_root()
    if root is None:
        raise CourseError("there is no course here, only its package. Run `course.py start`.")
    server = _initialized(_options(root, port, browser=browser, allow_root=allow_root))
    signal.signal(signal.SIGINT, _stopper(server))
    server.io_loop.add_callback(lambda: _announce(server))
    server.start()
    print("JupyterLab has stopped.", flush=True)
    return 0


def _options(root: Path, port: int | None, *, browser: bool, allow_root: bool) -> list[str]:
    kept = data_folder() / "jupyter"
    values = {
        "ServerApp.root_dir": root,
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port or 8888,
        "ServerApp.port_retries": 0 if port else 50,
        "ServerApp.open_browser": browser,
        "ServerApp.allow_root": allow_root,
        "ServerApp.log_level": "WARN",
        "LabApp.log_level": "WARN",
        # JUPYTER_TOKEN set to nothing would turn the token off.
        "IdentityProvider.token": os.environ.get("JUPYTER_TOKEN") or secrets.token_hex(24),
        "LabApp.default_url": f"/lab/tree/{CONTENTS}",
        "LabApp.app_settings_dir": _SETTINGS,
        "LabApp.user_settings_dir": kept / "settings",
        "LabApp.workspaces_dir": kept / "workspaces",
        # Nothing here asks the internet.
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.news_url": None,
        "LabApp.extension_manager": "readonly",
        # nbgrader's and the language server's extensions are for instructors, who start
        # `jupyter lab` themselves; without them the server is ready in half the time.
        "ServerApp.jpserver_extensions": "jupyter_server_terminals=True",
    }
    values |= _shell() | _encryption()
    return [f"--{name}={value}" for name, value in values.items()]


def _shell() -> dict[str, Any]:
    """Have no login shell in terminals: it would make PATH anew, without the course's Python."""
    if os.name == "nt":
        return {}
    return {"ServerApp.terminado_settings": {"shell_command": [os.environ.get("SHELL") or "sh"]}}


def _encryption() -> dict[str, str]:
    """Keep other users of the machine from listening to kernels, where this Jupyter can."""
    import zmq
    from jupyter_client.manager import KernelManager

    if zmq.has("curve") and KernelManager.class_traits().get("transport_encryption"):
        return {"KernelManager.transport_encryption": "auto"}
    return {}


def _initialized(options: list[str]) -> Any:
    """Return a server that is bound to its port, made without anyone's settings files."""
    # `python` in terminals and in cells is the environment's own, wherever it lies.
    folders = [str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]
    os.environ["PATH"] = os.pathsep.join(folders)
    # The environment's own kernel, not one of the same name in the home folder.
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    os.environ["JUPYTER_NO_CONFIG"] = "1"
    try:
        from jupyterlab.labapp import LabApp

        return LabApp.initialize_server(options)
    except SystemExit as error:
        raise CourseError(
            "JupyterLab could not start; the lines above say why. If another JupyterLab runs, "
            "end it or choose a port with --port."
        ) from error
    finally:
        # Kernels and terminals inherit the environment: there, settings files count again.
        del os.environ["JUPYTER_NO_CONFIG"]


def _announce(server: Any) -> None:
    address = f"{server.local_url.split('?')[0]}?token={server.identity_provider.token}"
    print(f"The course is open at {address}\nCtrl-C here ends it.", flush=True)


def _stopper(server: Any) -> Any:
    def stop(_number: int, _frame: FrameType | None) -> None:
        server.stop(from_signal=True)

    return stop
