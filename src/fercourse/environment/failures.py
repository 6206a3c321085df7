"""What went wrong in an installation, as one sentence for the person who waits for it."""

import re

from fercourse.environment.layout import Layout

_TRY_AGAIN = "then run the same command again; what was downloaded is kept and not fetched twice."

# The first pattern found in the output decides, so the causes stand before their consequences.
_CAUSES: tuple[tuple[str, str], ...] = (
    (
        r"No space left on device|Errno 28\b|WinError 112|not enough space|Disk quota|Errno 122\b",
        "the disk is full. The environment takes about 2.6 GB in {venv}, and the downloads "
        "0.6 GB in pip's cache while it is made. Free some space (`python -m pip cache purge` "
        "empties pip's cache), then run the same command again.",
    ),
    (
        r"No module named '?(venv|ensurepip)|ensurepip is not available|python3[.\d]*-venv",
        "this Python lacks the module venv. On Debian and Ubuntu run "
        "`sudo apt-get install python{version}-venv`; elsewhere install Python 3.13 from "
        "python.org. Then run the same command again.",
    ),
    (
        r"DO NOT MATCH THE HASHES|Hashes are required|Expected sha256",
        "a downloaded package is not the one that requirements.lock names: the download was "
        "damaged, or a mirror or proxy serves something else. Nothing of it was installed. Run "
        "the same command again; if it happens again, tell those who look after the course.",
    ),
    (
        r"Long Path|long path|Errno 36\b|File name too long|WinError 206",
        "the path of the course's folder ({root}) is too long for this system. Move the folder "
        "nearer to the top of the drive (such as C:\\course) or turn on Windows' long paths, "
        "then run the same command again.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError|SSLCertVerificationError",
        "the download server's certificate was refused, which a company's or school's network "
        "often causes. Ask for its certificate and set PIP_CERT to that file, or use another "
        "network, " + _TRY_AGAIN,
    ),
    (
        r"ProxyError|Cannot connect to proxy|407 Proxy",
        "the network's proxy refused the connection. Set HTTPS_PROXY to the right address, "
        + _TRY_AGAIN,
    ),
    (
        r"name resolution|NewConnectionError|NameResolutionError|getaddrinfo|ConnectTimeout"
        r"|Network is unreachable|ReadTimeout|Max retries exceeded|Connection (refused|reset)"
        r"|ConnectionResetError|ProtocolError|IncompleteRead|Remote end closed|Could not fetch URL",
        "the packages could not be downloaded: there is no network, or the server does not "
        "answer. Connect to the internet, " + _TRY_AGAIN,
    ),
    (
        r"WinError 5\b|WinError 32\b|Access is denied|being used by another process",
        "a file of the environment is in use. Close JupyterLab, editors and other programs that "
        "use {venv}, then run the same command again.",
    ),
    (
        r"Errno 13\b|Permission denied|Read-only file system|Errno 30\b",
        "{root} cannot be written to. Copy the course to a folder of your own, then run the same "
        "command again.",
    ),
    (
        r"Unable to symlink|Operation not permitted|Errno 1\b",
        "the drive that holds {root} cannot hold a Python environment (a USB stick or a shared "
        "folder, say). Copy the course to a folder on the computer's own disk, then run the same "
        "command again.",
    ),
    (
        r"No matching distribution found for|Could not find a version that satisfies",
        "the package {package} could not be found for this system where pip looks for packages. "
        "Make sure that there is a network, and that docs/systems.md lists this system; a mirror "
        "that lacks the package can cause this too.",
    ),
)


def sentence(output: str, layout: Layout, version: str) -> str:
    """Return what stopped an installation and what to do about it.

    Args:
        output: what ``venv`` or pip printed, or an exception's text.
        layout: whose environment.
        version: the Python's major and minor version, such as ``3.12``.
    """
    package = re.search(r"(?:found for|satisfies the requirement) ([\w.\-]+)", output)
    for pattern, text in _CAUSES:
        if re.search(pattern, output):
            return text.format(
                venv=layout.venv,
                root=layout.root,
                version=version,
                package=package.group(1) if package else "",
            )
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith("error")]
    last = (errors or lines or ["it said nothing"])[-1].rstrip(".")
    return f"pip could not finish: {last}. All it said is in {layout.log}."
