"""Several machines, tried with several processes: who leads, who helps, and who dies."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from argparse import Namespace
from pathlib import Path

import keras_tuner
import pytest
from matplotlib.figure import Figure
from test_training_tuning import faces_of, judged

from fercourse.commands import tune as command
from fercourse.errors import CourseError
from fercourse.training import tuning, tuning_results, tuning_search
from fercourse.training.tuning import Setting, join, read_results, search_space, tune
from fercourse.training.tuning_address import Address
from fercourse.training.tuning_oracles import METHODS, oracle_of, planned_epochs

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def address():
    """An address of this machine at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return Address("127.0.0.1", free.getsockname()[1])


@pytest.fixture
def oracle(tmp_path):
    """A chief's oracle with a random search of five trials, ten seconds patient."""
    space = keras_tuner.HyperParameters()
    search_space(space)
    made = oracle_of("random", space, epochs=2, trials=5, seed=0)
    made._set_project_dir(str(tmp_path), "trials")
    made.patience = 10
    return made


def ends(oracle, trial, accuracy=0.5):
    """Report a trial as a worker does."""
    oracle.update_trial(trial.trial_id, {"val_accuracy": accuracy, "seconds": 1.0})
    trial.status = "COMPLETED"
    oracle.end_trial(trial)


def silent_for(oracle, worker, seconds):
    oracle._heard[worker] -= seconds


def test_each_worker_gets_a_trial_of_its_own(oracle):
    first, second = oracle.create_trial("a"), oracle.create_trial("b")
    assert first.trial_id != second.trial_id
    assert oracle.create_trial("a") is first


def test_the_trial_of_a_silent_worker_goes_to_another(oracle):
    told = []
    oracle.told = lambda *what: told.append(what)
    lost = oracle.create_trial("a")
    silent_for(oracle, "a", 11)
    oracle.forget_silent_workers()
    assert ("lost", lost, "a") in told
    assert oracle.create_trial("b").trial_id == lost.trial_id


def test_a_worker_that_asks_for_its_trial_is_alive(oracle):
    trial = oracle.create_trial("a")
    silent_for(oracle, "a", 11)
    oracle.get_trial(trial.trial_id)
    oracle.forget_silent_workers()
    assert oracle.create_trial("b").trial_id != trial.trial_id


def test_a_worker_given_up_too_early_may_still_report(oracle):
    trial = oracle.create_trial("a")
    silent_for(oracle, "a", 11)
    oracle.forget_silent_workers()
    again = oracle.create_trial("b")
    ends(oracle, trial, 0.4)
    ends(oracle, again, 0.4)
    assert oracle.end_order == [trial.trial_id]
    assert oracle.create_trial("b").trial_id != trial.trial_id


def test_a_worker_without_work_waits_while_another_may_still_die(oracle):
    for _ in range(4):
        ends(oracle, oracle.create_trial("a"))
    last = oracle.create_trial("a")
    assert oracle.create_trial("b").status == "IDLE"
    silent_for(oracle, "a", 11)
    oracle.forget_silent_workers()
    ends(oracle, oracle.create_trial("b"))
    assert oracle.trials[last.trial_id].score == 0.5
    assert oracle.create_trial("b").status == "STOPPED"
    assert not oracle.tuner_ids


def test_both_ends_of_the_wire_read_the_same_setting(oracle):
    trial = oracle.create_trial("a")
    sent = keras_tuner.engine.trial.Trial.from_proto(trial.to_proto())
    ours, theirs = (
        tuning_search.setting_in(one.hyperparameters, search_space) for one in (trial, sent)
    )
    assert ours == theirs == Setting()


@pytest.mark.parametrize("method", METHODS)
def test_the_plan_of_a_search_is_what_it_tries(method, tmp_path):
    space = keras_tuner.HyperParameters()
    search_space(space)
    made = oracle_of(method, space, epochs=4, trials=None if method == "hyperband" else 6, seed=0)
    made._set_project_dir(str(tmp_path), "trials")
    planned, tried = planned_epochs(made, 4), []
    while (trial := made.create_trial("a")).status == "RUNNING":
        tried.append(trial.hyperparameters.values.get("tuner/epochs", 4))
        ends(made, trial, judged(tuning_search.setting_in(trial.hyperparameters, search_space), 1))
    assert tried == planned


def test_a_chief_and_two_workers_search_together(address, tmp_path, monkeypatch):
    """Two workers need two processes, as KerasTuner goes by the environment; one is the test."""
    monkeypatch.setattr(tuning_results, "parallel_coordinates", lambda *_, **__: Figure((1, 1)))
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from test_training_tuning import faces_of\n"
        "from fercourse.training import tuning_results\n"
        "from matplotlib.figure import Figure\n"
        "from fercourse.training.tuning import Address, tune\n"
        "from pathlib import Path\n"
        "tuning_results.parallel_coordinates = lambda *_, **__: Figure((1, 1))\n"
        "tune(faces_of(210), Path(sys.argv[2]), method='random', epochs=2, trials=4,\n"
        "     serve=Address('127.0.0.1', int(sys.argv[3])))\n"
    )
    words = [str(Path(__file__).parent), str(tmp_path / "chief"), str(address.port)]
    chief = subprocess.Popen([sys.executable, "-c", program, *words], stderr=subprocess.PIPE)

    def stand_in(setting, faces, *, epochs, **_):
        return None, {"val_accuracy": judged(setting, epochs), "seconds": 1.0}

    monkeypatch.setattr(tuning_search, "trained", stand_in)
    monkeypatch.setattr(tuning_search.keras.backend, "clear_session", lambda: None)
    try:
        assert join(address, lambda _: faces_of(210), wait=300) == 4
        assert chief.wait(120) == 0, chief.stderr.read()
    finally:
        chief.kill()
    found = read_results(tmp_path / "chief")
    alone = tune(faces_of(210), tmp_path / "alone", method="random", epochs=2, trials=4)
    assert found.drop(columns="accuracy").equals(alone.drop(columns="accuracy"))
    assert found["accuracy"].tolist() == pytest.approx(alone["accuracy"].tolist(), abs=1e-6)
    assert "KERASTUNER_ORACLE_IP" not in os.environ


def test_nobody_at_the_address_is_a_sentence(address):
    with pytest.raises(CourseError, match="No chief answers at 127"):
        join(address, lambda _: faces_of(210), wait=0)


def test_somebody_else_at_the_address_is_a_sentence(address):
    with socket.create_server((address.host, address.port)) as server:

        def answer():
            for _ in range(2):
                connection, _ = server.accept()
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                connection.close()

        threading.Thread(target=answer, daemon=True).start()
        with pytest.raises(CourseError, match="is no chief of a search"):
            join(address, lambda _: faces_of(210), wait=0)


def test_a_port_in_use_is_a_sentence(address, tmp_path):
    with (
        socket.create_server((address.host, address.port)),
        pytest.raises(CourseError, match="Choose another port"),
    ):
        tune(faces_of(210), tmp_path, method="random", trials=1, serve=address)


def options(**changes):
    """What argparse gives for `course.py tune` with some options."""
    names = ("network", "method", "trials", "epochs", "minutes", "limit", "data", "classes")
    usual = dict.fromkeys((*names, "seed", "out", "serve", "join"))
    flags = {"resume": False, "anew": False, "best": False, "patience": 120.0}
    return Namespace(**(usual | flags | changes))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"trials": 0}, "--trials must be at least 1"),
        ({"epochs": -1}, "--epochs must be at least 1"),
        ({"limit": 0}, "--limit must be at least 1"),
        ({"minutes": 0.0}, "--minutes must be more than 0"),
        ({"minutes": float("nan")}, "--minutes must be more than 0"),
        ({"seed": -1}, "--seed must be 0 or more"),
        ({"patience": 1.0}, "--patience must be at least 10"),
        ({"serve": "nowhere"}, r"--serve wants \[HOST:\]PORT"),
        ({"serve": "70000"}, "a port from 1 to 65535"),
        ({"join": "8900"}, "--join wants HOST:PORT"),
        ({"join": "a:1", "epochs": 3}, "the chief decides on --epochs"),
        ({"join": "a:1", "resume": True}, "the chief decides on --resume"),
        ({"best": True, "serve": "8900"}, "leave out --serve"),
        ({"network": "lean"}, "The networks that can be tuned are: baseline"),
        ({"resume": True}, "no search in"),
        ({"best": True}, "no results of a search"),
    ],
)
def test_options_that_make_no_sense_are_sentences(changes, said, tmp_path, monkeypatch):
    monkeypatch.setenv("FERCOURSE_DATA", str(tmp_path))
    with pytest.raises(CourseError, match=said):
        command.run(options(**changes))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("8900", Address("127.0.0.1", 8900)),
        ("192.168.1.5:8900", Address("192.168.1.5", 8900)),
        ("[::1]:8900", Address("::1", 8900)),
    ],
)
def test_addresses_are_read_and_written(text, address):
    assert command._address(text, "--serve", "127.0.0.1") == address
    assert command._address(str(address), "--join", None) == address


def test_keras_tuner_s_own_variables_say_who_leads(monkeypatch):
    monkeypatch.setenv("KERASTUNER_ORACLE_IP", "10.0.0.1")
    with pytest.raises(CourseError, match="KERASTUNER_ORACLE_PORT"):
        command._roles(options())
    monkeypatch.setenv("KERASTUNER_ORACLE_PORT", "8900")
    monkeypatch.setenv("KERASTUNER_TUNER_ID", "chief")
    assert command._roles(options()) == (Address("10.0.0.1", 8900), None)
    monkeypatch.setenv("KERASTUNER_TUNER_ID", "tuner1")
    assert command._roles(options()) == (None, Address("10.0.0.1", 8900))


def _course(tmp_path, *words):
    """Start `course.py tune` on drawn faces; its words go to a file."""
    said = tmp_path / f"{len(list(tmp_path.glob('*.log')))}.log"
    environment = {**os.environ, "FERCOURSE_DATA": str(tmp_path / "data")}
    environment["FERCOURSE_FER2013"] = "drawn"
    with said.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-u", "course.py", "tune", *words],
            cwd=ROOT,
            env=environment,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    return process, said


def _until(condition, seconds=600):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.2)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="ends a process by a signal")
def test_a_worker_that_dies_loses_no_trial(address, tmp_path):
    """A chief and two workers through the front door; one worker is killed in its first trial."""
    search = ["--method", "random", "--trials", "4", "--epochs", "2", "--limit", "400"]
    folder = ["--out", str(tmp_path / "search")]
    served = ["--serve", str(address), "--patience", "15"]
    chief, chief_says = _course(tmp_path, *search, *folder, *served)
    workers = [_course(tmp_path, "--join", str(address)) for _ in range(2)]
    (doomed, doomed_says), (helper, helper_says) = workers
    try:
        _until(lambda: "Trial" in doomed_says.read_text())
        doomed.send_signal(signal.SIGKILL)
        _until(lambda: chief.poll() is not None)
        assert helper.wait(120) == 0, helper_says.read_text()
    finally:
        for process in (chief, doomed, helper):
            process.kill()
    said = chief_says.read_text()
    assert chief.returncode == 0, said
    assert "has gone silent" in said
    table = read_results(tmp_path / "search")
    assert table["state"].tolist() == ["completed"] * 4
    assert (tmp_path / "search/parallel_coordinates.png").exists()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="sends Ctrl-C as a signal")
def test_ctrl_c_and_resume_through_the_front_door(tmp_path):
    search = ["--method", "random", "--trials", "3", "--epochs", "2", "--limit", "400"]
    folder = ["--out", str(tmp_path / "search")]
    process, said = _course(tmp_path, *search, *folder)
    _until(lambda: "Trial 2 of 3" in said.read_text())
    process.send_signal(signal.SIGINT)
    assert process.wait(120) == 130, said.read_text()
    assert "--resume" in said.read_text()
    assert read_results(tmp_path / "search")["state"].tolist() == ["completed", "open"]
    again, said = _course(tmp_path, *folder, "--resume")
    assert again.wait(600) == 0, said.read_text()
    assert "Trial 1 of" not in said.read_text()
    assert read_results(tmp_path / "search")["state"].tolist() == ["completed"] * 3


def test_the_module_offers_what_lessons_use():
    assert {"tune", "search_space", "Setting", "read_results", "best_of"} <= set(tuning.__all__)
