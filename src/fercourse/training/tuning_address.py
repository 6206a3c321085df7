"""Chief and workers: where a chief listens, and how others find it."""

import contextlib
import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fercourse.errors import CourseError

_VARIABLES = ("KERASTUNER_TUNER_ID", "KERASTUNER_ORACLE_IP", "KERASTUNER_ORACLE_PORT")


@dataclass(frozen=True)
class Address:
    """Where a chief listens.

    Attributes:
        host: a name or an address of its machine.
        port: 1 to 65535.
    """

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


@contextlib.contextmanager
def role(address: Address | None, name: str) -> Iterator[None]:
    """Tell KerasTuner by its environment variables who this process is in a search."""
    names = (
        {
            "KERASTUNER_TUNER_ID": name,
            "KERASTUNER_ORACLE_IP": f"[{address.host}]" if ":" in address.host else address.host,
            "KERASTUNER_ORACLE_PORT": str(address.port),
        }
        if address
        else {}
    )
    before = {key: os.environ.pop(key, None) for key in _VARIABLES}
    os.environ.update(names)
    try:
        yield
    finally:
        for key, value in before.items():
            os.environ.pop(key, None)
            if value is not None:
                os.environ[key] = value


def require_free(address: Address) -> None:
    """See that nobody listens at an address; two chiefs could share one on Linux."""
    try:
        family, *_, place = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[
            0
        ]
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            if os.name != "nt":
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(place)
    except OSError as error:
        raise taken(address, error) from error


def taken(address: Address, error: Exception) -> CourseError:
    """Return the sentence for an address where no chief can listen."""
    reason = getattr(error, "strerror", None) or error
    return CourseError(
        f"No chief can listen at {address}: {reason}. Choose another port, or an address of this "
        "machine, with --serve HOST:PORT."
    )


def wait_for(chief: Address, seconds: float) -> None:
    """Wait until somebody listens at an address."""
    until = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection((chief.host, chief.port), timeout=5).close()
            return
        except OSError as error:
            if time.monotonic() + 1 > until:
                reason = error.strerror or error
                raise CourseError(
                    f"No chief answers at {chief} ({reason}). Start one with `python3 course.py "
                    "tune --serve HOST:PORT` on the machine that leads, and see that its address "
                    "is right and that no firewall is between."
                ) from error
            time.sleep(1)


def space_at(chief: Address) -> Any:
    """Return the search space of the chief at an address."""
    import grpc
    from keras_tuner.src import protos
    from keras_tuner.src.engine.hyperparameters import HyperParameters

    with grpc.insecure_channel(str(chief)) as channel:
        stub = protos.get_service_grpc().OracleStub(channel)
        try:
            answer = stub.GetSpace(protos.get_service().GetSpaceRequest(), timeout=60)
        except grpc.RpcError as error:
            raise CourseError(
                f"Who listens at {chief} is no chief of a search ({said(error)})."
            ) from error
    return HyperParameters.from_proto(answer.hyperparameters)


def said(error: Any) -> str:
    """Return what an error of gRPC says, without the rest."""
    details = error.details() if hasattr(error, "details") else None
    return str(details or error).rstrip(".")
