"""What stops an installation becomes one sentence that says what to do, and nothing is left."""

import errno
import os
from pathlib import Path

import pytest

from fercourse import workspace
from fercourse.environment import failures, install, stamp, system
from fercourse.environment.layout import Layout
from fercourse.environment.stamp import Stamp, State
from fercourse.errors import CourseError

NO_NETWORK = """\
WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after \
connection broken by 'NewConnectionError('<urllib3.connection.HTTPSConnection object at 0x7f>: \
Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')': /numpy/
ERROR: Could not find a version that satisfies the requirement numpy==2.4.0 (from versions: none)
ERROR: No matching distribution found for numpy==2.4.0
"""
DISK_FULL = """\
Installing collected packages: numpy
ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device
"""
DISK_FULL_ON_WINDOWS = """\
ERROR: Could not install packages due to an OSError: [WinError 112] There is not enough space on \
the disk: 'C:\\\\course\\\\.venv\\\\Lib\\\\site-packages\\\\numpy'
"""
NO_VENV_ON_DEBIAN = """\
The virtual environment was not created successfully because ensurepip is not
available.  On Debian/Ubuntu systems, you need to install the python3-venv
package using the following command.

    apt install python3.11-venv
"""
OTHER_HASH = """\
ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the \
package versions, please update the hashes.
    numpy==2.4.0 from file:///numpy.whl:
        Expected sha256 00
             Got        ff
"""
LONG_PATH = """\
ERROR: Could not install packages due to an OSError: [Errno 2] No such file or directory: 'C:\\\\x'
HINT: This error might have occurred since this system does not have Windows Long Path support \
enabled. You can find information on how to enable this at the vendor's pages
"""
CERTIFICATE = """\
WARNING: Retrying after connection broken by 'SSLError(SSLCertVerificationError(1, '[SSL: \
CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate'))': /numpy/
ERROR: Could not find a version that satisfies the requirement numpy==2.4.0 (from versions: none)
"""
PROXY = """\
WARNING: Retrying after connection broken by 'ProxyError('Cannot connect to proxy.', OSError(\
'Tunnel connection failed: 407 Proxy Authentication Required'))': /numpy/
"""
IN_USE = """\
ERROR: Could not install packages due to an OSError: [WinError 5] Access is denied: \
'C:\\\\course\\\\.venv\\\\Lib\\\\site-packages\\\\zmq\\\\_zmq.pyd'
"""
UNKNOWN_SYSTEM = """\
ERROR: Could not find a version that satisfies the requirement tensorflow-cpu==2.21.0 (from \
versions: 2.9.0, 2.10.0)
ERROR: No matching distribution found for tensorflow-cpu==2.21.0
"""
NO_LINKS = "Error: [Errno 1] Operation not permitted: 'lib' -> '/mnt/stick/course/.venv/lib64'"


posix = pytest.mark.skipif(os.name == "nt", reason="a shell script stands for Python")


@pytest.fixture
def layout(tmp_path):
    root = tmp_path / "course"
    root.mkdir()
    (root / "requirements.lock").write_text("numpy==2.4.0 \\\n    --hash=sha256:00\n")
    (root / "pyproject.toml").write_text('[project]\nname = "x"\ndependencies = ["numpy>=2"]\n')
    return Layout(root)


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (NO_NETWORK, "Connect to the internet"),
        (DISK_FULL, "disk is full"),
        (DISK_FULL_ON_WINDOWS, "disk is full"),
        (NO_VENV_ON_DEBIAN, "apt-get install python3.12-venv"),
        ("/usr/bin/python3: No module named venv", "apt-get install python3.12-venv"),
        (OTHER_HASH, "not the one that requirements.lock names"),
        (LONG_PATH, "too long"),
        (CERTIFICATE, "PIP_CERT"),
        (PROXY, "HTTPS_PROXY"),
        (IN_USE, "Close JupyterLab"),
        (UNKNOWN_SYSTEM, "tensorflow-cpu"),
        (NO_LINKS, "computer's own disk"),
        ("ERROR: [Errno 13] Permission denied: '/opt/course/.venv'", "cannot be written to"),
        ("warming up\nERROR: something new\n", "pip could not finish: ERROR: something new."),
        ("", "install.log"),
    ],
)
def test_each_cause_has_its_sentence(layout, output, expected):
    sentence = failures.sentence(output, layout, "3.12")
    assert expected in sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")


def test_a_full_disk_is_seen_before_the_download(layout, monkeypatch):
    monkeypatch.setattr(install, "NEEDED_BYTES", 10**18)
    with pytest.raises(CourseError, match="GB left, and the environment needs"):
        install.bring_up(layout, [])
    assert not layout.venv.exists()


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(28, "No space left on device"), "disk is full"),
        (CourseError("the disk is full."), "Nothing half-made is left."),
        (PermissionError(13, "Permission denied"), "cannot be written to"),
    ],
)
def test_what_fails_while_it_is_made_leaves_nothing(layout, monkeypatch, error, expected):
    def fail(*_):
        (layout.venv / "lib").mkdir()
        raise error

    monkeypatch.setattr(install, "_run_venv", lambda _: None)
    monkeypatch.setattr(install, "_install", fail)
    with pytest.raises(CourseError, match=expected):
        install.bring_up(layout, [])
    assert not layout.venv.exists()


@posix
def test_an_update_that_fails_half_way_leaves_no_broken_environment(layout, monkeypatch):
    _pretend_made(layout)

    def fail(*_):
        layout.unfinished.touch()
        raise CourseError("the disk is full.")

    monkeypatch.setattr(install, "_install", fail)
    with pytest.raises(CourseError, match="made anew"):
        install.bring_up(layout, [])
    assert not layout.venv.exists()


@posix
def test_an_update_that_fails_at_its_start_keeps_the_earlier_environment(layout, monkeypatch):
    _pretend_made(layout)

    def fail(*_):
        raise CourseError("there is no network.")

    monkeypatch.setattr(install, "_install", fail)
    with pytest.raises(CourseError, match="earlier environment is still there"):
        install.bring_up(layout, [])
    assert stamp.state(layout, []) is State.OUTDATED


def _pretend_made(layout: Layout) -> None:
    """Lay down what an environment of an earlier lock looks like, with a pip that answers."""
    layout.python.parent.mkdir(parents=True)
    layout.python.write_text("#!/bin/sh\nexit 0\n")
    layout.python.chmod(0o755)
    (layout.venv / "pyvenv.cfg").touch()
    stamp.write(layout, Stamp(str(layout.root.resolve()), "3.12.1", {"": "an earlier lock"}))


@posix
@pytest.mark.parametrize(
    ("number", "goes_on"), [(errno.EWOULDBLOCK, False), (errno.ENOLCK, True), (errno.ENOSYS, True)]
)
def test_a_drive_without_locks_is_not_waited_for(tmp_path, monkeypatch, number, goes_on):
    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fcntl.flock", refuse)
    with (tmp_path / "lock").open("a+b") as file:
        assert workspace.try_to_lock(file) is goes_on


@posix
def test_the_same_folder_under_another_spelling_is_the_same(layout, tmp_path):
    _pretend_made(layout)
    (tmp_path / "other name").symlink_to(layout.root)
    digests = stamp.digests(layout, [])
    stamp.write(layout, Stamp(str(tmp_path / "other name"), "3.12.1", digests))
    assert stamp.state(layout, []) is State.READY
    stamp.write(layout, Stamp(str(tmp_path), "3.12.1", digests))
    assert stamp.state(layout, []) is State.BROKEN


@pytest.mark.parametrize("line", ["version = 3.9.18", "version_info = 3.14.0.final.0"])
def test_an_environment_of_a_python_that_does_not_fit_is_left_alone(layout, line):
    (layout.root / "pyproject.toml").write_text('[project]\nrequires-python = ">=3.11,<3.14"\n')
    layout.venv.mkdir()
    (layout.venv / "pyvenv.cfg").write_text(f"home = /usr/bin\n{line}\n")
    with pytest.raises(CourseError, match=r"made with Python 3\.(9\.18|14\.0), on which"):
        install.bring_up(layout, [])
    assert [path.name for path in layout.venv.iterdir()] == ["pyvenv.cfg"]


@posix
def test_the_stamp_names_the_python_of_the_environment(layout, monkeypatch):
    _pretend_made(layout)
    (layout.venv / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.12.77\n")
    monkeypatch.setattr(install, "_install", lambda *_: None)
    install.bring_up(layout, [])
    assert stamp.read(layout).python == "3.12.77"


def test_a_damaged_stamp_counts_as_none(layout):
    layout.venv.mkdir()
    layout.stamp.write_text('{"root": ')
    assert stamp.read(layout) is None
    assert stamp.state(layout, []) is State.FOREIGN


def test_line_ends_of_windows_do_not_make_a_lock_another(layout):
    lock = layout.root / "requirements.lock"
    before = stamp.digests(layout, [])
    lock.write_bytes(lock.read_bytes().replace(b"\n", b"\r\n"))
    assert stamp.digests(layout, []) == before


def test_a_missing_lock_is_a_sentence(layout):
    with pytest.raises(CourseError, match=r"requirements-kaggle\.lock could not be read"):
        stamp.digests(layout, ["kaggle"])


@pytest.mark.parametrize(
    ("platform", "machine", "translated", "expected"),
    [
        ("darwin", "x86_64", False, "Google Colab"),
        ("darwin", "x86_64", True, "Apple-silicon"),
        ("linux", "armv7l", False, "no package for this Python"),
        ("win32", "ARM64", False, "no package for this Python"),
        ("freebsd14", "amd64", False, "no package for this Python"),
    ],
)
def test_a_system_without_tensorflow_is_told_so(
    monkeypatch, platform, machine, translated, expected
):
    monkeypatch.setattr(system.sys, "platform", platform)
    monkeypatch.setattr(system.platform, "machine", lambda: machine)
    monkeypatch.setattr(system, "_is_translated", lambda: translated)
    assert expected in system.refusal()


@pytest.mark.parametrize(
    ("platform", "machine"),
    [("darwin", "arm64"), ("linux", "x86_64"), ("linux", "aarch64"), ("win32", "AMD64")],
)
def test_a_system_with_tensorflow_is_not_refused(monkeypatch, platform, machine):
    monkeypatch.setattr(system.sys, "platform", platform)
    monkeypatch.setattr(system.platform, "machine", lambda: machine)
    assert system.refusal() is None


def test_a_bare_linux_is_told_which_packages_opencv_expects(monkeypatch):
    def missing(name):
        raise OSError(f"{name}: cannot open shared object file: No such file or directory")

    monkeypatch.setattr(system.sys, "platform", "linux")
    monkeypatch.setattr(system.ctypes, "CDLL", missing)
    with pytest.raises(CourseError, match=r"lacks libGL\.so\.1.*apt-get install libgl1"):
        system.require_opencv_libraries()


def test_the_failed_import_itself_is_explained_too():
    text = "libGL.so.1: cannot open shared object file: No such file or directory"
    assert "apt-get install libgl1" in system.explained(ImportError(text))
    assert system.explained(ImportError("No module named 'cv2'")) is None


def test_the_page_that_the_sentences_point_to_is_there():
    root = Path(__file__).resolve().parents[1]
    assert (root / "docs/systems.md").is_file()
