"""``course.py evaluate``, through the door that a person uses."""

import json
import re
import types
import warnings

import numpy as np
import pytest
from quick_classifiers import SIX, Broken, ByBrightness, KnowsByHeart
from small_faces import csv_text, make_faces, pictures, write_folder, write_zip

import fercourse.classifiers
from fercourse import cli, workspace
from fercourse.classifiers.notes import notes_file, write_notes
from fercourse.dataset import load_faces
from fercourse.errors import CourseError
from fercourse.evaluation import load_model


@pytest.fixture
def archive(tmp_path):
    return write_zip(tmp_path / "fer [2013].zip", pictures(make_faces((60, 40, 30))))


@pytest.fixture
def private_only(tmp_path):
    faces = make_faces((0, 0, 30))
    return write_zip(tmp_path / "private.zip", {"fer2013.csv": csv_text(faces)})


@pytest.fixture
def model(monkeypatch):
    """Return a function that makes ``load_classifier`` return what a test says."""

    def given(classifier):
        def load(model, scheme=None):
            if isinstance(classifier, Exception):
                raise classifier
            return classifier

        monkeypatch.setattr(fercourse.classifiers, "load_classifier", load, raising=False)

    given(ByBrightness())
    return given


@pytest.fixture
def evaluate(model, archive, capsys):
    """Run ``evaluate some --json`` on the small archive; return what it printed, as data."""

    def run(*options, data=archive):
        words = ["evaluate", "some", "--json", "--no-speed", "--data", str(data), *options]
        code = cli.main(words)
        out = capsys.readouterr().out
        assert code == 0
        return json.loads(out)

    return run


def _refused(words, capsys):
    assert cli.main(["evaluate", "some", "--no-speed", *words]) == 2
    said = capsys.readouterr().err
    assert said.startswith("course.py evaluate: ")
    assert said.count("\n") == 1
    assert "Traceback" not in said
    return said


def test_the_json_holds_every_measure_as_a_fraction(evaluate, archive):
    found = evaluate()
    faces = load_faces("PublicTest", path=archive)
    right = ByBrightness().predict_proba(faces.images).argmax(axis=1) == faces.labels
    assert found["format"] == "fercourse-evaluation-1"
    assert found["accuracy"] == pytest.approx(right.mean())
    low, high = found["intervals"]["accuracy"]
    assert 0 <= low <= found["accuracy"] <= high <= 1
    assert np.sum(found["confusion_matrix"]) == 40
    assert list(found["per_class"]) == list(faces.classes)
    assert found["data"]["split"] == "PublicTest"
    assert sum(found["calibration"]["faces"]) == 40
    assert found["mirror"] is None
    assert found["robustness"] is None


@pytest.mark.filterwarnings("ignore:something is odd")
def test_what_a_model_prints_and_warns_is_no_part_of_the_json(evaluate, model):
    def noisy(probabilities):
        print("epoch 1/1")
        warnings.warn("something is odd", UserWarning, stacklevel=1)
        return probabilities

    model(Broken(noisy))
    assert evaluate()["format"] == "fercourse-evaluation-1"


@pytest.mark.parametrize("split", ["Training", "PublicTest", "PrivateTest", "validation"])
def test_every_part_can_be_reported_on(evaluate, split):
    found = evaluate("--split", split)
    assert found["protocol"]["reported_on"] == split
    numbers = {"Training": 60, "PublicTest": 40, "PrivateTest": 30}
    assert found["data"]["faces"] == numbers.get(split, found["data"]["faces"])
    assert 0 < found["data"]["faces"] <= 60


@pytest.mark.parametrize("form", ["zip", "folder", "csv"])
def test_data_that_holds_only_private_test_is_read_in_any_form(evaluate, form, tmp_path):
    faces = make_faces((0, 0, 30))
    path = {
        "zip": lambda: write_zip(tmp_path / "only.zip", pictures(faces)),
        "folder": lambda: write_folder(tmp_path / "only", pictures(faces)),
        "csv": lambda: write_folder(tmp_path / "table", {"a.csv": csv_text(faces).encode()}),
    }[form]()
    found = evaluate("--split", "PrivateTest", data=path)
    assert found["data"]["faces"] == 30
    without = found["without_training_duplicates"]
    assert without["accuracy"] is None
    assert "no Training split" in without["reason"]


def test_evaluating_other_data_does_not_change_the_faces_in_use(evaluate, course_data):
    evaluate()
    assert not (course_data / "settings.json").exists()


def test_a_split_that_is_absent_names_those_there_are(model, private_only, capsys):
    said = _refused(["--data", str(private_only)], capsys)
    assert "There is no PublicTest split in faces from private.zip, only PrivateTest (30" in said
    assert "Choose --split PrivateTest, or" in said
    said = _refused(["--data", str(private_only), "--split", "validation"], capsys)
    assert "no Training split" in said


def test_drawn_faces_can_be_asked_for_where_fer2013_is_in_use(evaluate, monkeypatch, archive):
    from fercourse import drawn

    made = make_faces((30, 12, 5), seed=2)
    made = types.SimpleNamespace(**made.__dict__, truth={"AU1": np.arange(47)})
    monkeypatch.setattr(drawn, "default_set", lambda progress=None: made)
    workspace.remember("fer2013", str(archive))
    assert evaluate(data="drawn")["data"]["kind"] == "drawn"
    assert evaluate(data="drawn")["data"]["faces"] == 12


def test_faces_that_occur_in_training_are_left_out_of_a_second_accuracy(evaluate, model, tmp_path):
    faces = make_faces((30, 20, 0))
    faces.images[30:35] = faces.images[:5]
    path = write_zip(tmp_path / "twice.zip", pictures(faces))
    model(KnowsByHeart(load_faces("Training", path=path)))
    found = evaluate(data=path)
    without = found["without_training_duplicates"]
    assert (without["left_out"], without["faces"]) == (5, 15)
    assert found["accuracy"] * 20 == pytest.approx(
        without["accuracy"] * 15 + np.sum(faces.labels[30:35] == faces.labels[:5])
    )


def test_the_mirror_is_a_row_of_its_own(evaluate, archive):
    found = evaluate("--mirror")
    faces = load_faces("PublicTest", path=archive)
    ask = ByBrightness().predict_proba
    both = ask(faces.images) + ask(np.ascontiguousarray(faces.images[:, :, ::-1]))
    assert found["mirror"]["accuracy"] == pytest.approx(
        np.mean(both.argmax(axis=1) == faces.labels)
    )
    assert "per_class" in found["mirror"]


def test_robustness_has_an_accuracy_for_every_strength(evaluate):
    rows = evaluate("--robustness")["robustness"]
    assert {"blur", "rotation", "noise", "JPEG", "occlusion"} <= {row["name"] for row in rows}
    for row in rows:
        assert len(row["strengths"]) == len(row["accuracy"])
        assert all(0 <= accuracy <= 1 for accuracy in row["accuracy"])


def test_the_same_command_gives_the_same_figures(evaluate):
    assert evaluate("--mirror", "--robustness") == evaluate("--mirror", "--robustness")


def test_speed_is_in_milliseconds_a_face(model, archive, capsys):
    assert cli.main(["evaluate", "some", "--json", "--data", str(archive)]) == 0
    times = json.loads(capsys.readouterr().out)["speed"]["milliseconds_a_face"]
    assert set(times) == {"1", "8", "bulk"}
    assert times["1"] > times["bulk"] > 0


def test_what_a_model_says_of_itself_is_in_the_json(model, archive, tmp_path, capsys):
    file = tmp_path / "mine.safetensors"
    file.write_bytes(b"x" * 1234)
    notes = {
        "faces": "fer2013",
        "fitted_on": "fit",
        "chosen_on": "validation",
        "training_seconds": "93.5",
        "training_command": "python3 course.py train lean",
    }
    model(ByBrightness(notes=notes, name="mine"))
    words = ["evaluate", str(file), "--json", "--no-speed", "--data", str(archive)]
    assert cli.main(words) == 0
    found = json.loads(capsys.readouterr().out)
    said = found["model"]
    assert (said["name"], said["file"], said["bytes"]) == ("mine", "mine.safetensors", 1234)
    assert (said["architecture"], said["parameters"]) == ("stripes", 42)
    assert found["checksum"] == "abc"
    assert said["training"]["seconds"] == 93.5
    assert found["protocol"]["flag"] is None
    assert found["protocol"]["sentence"] == (
        "Reported on PublicTest. The model says that it was fitted on the fit part of Training and "
        "chosen on the validation part of Training."
    )


def test_a_model_without_a_file_was_fitted_a_moment_ago_on_training(evaluate, model, archive):
    workspace.remember("fer2013", str(archive))
    classical = ByBrightness()
    classical.weights = None
    model(classical)
    training = evaluate()["model"]["training"]
    assert (training["faces"], training["fitted_on"]) == ("fer2013", "Training")
    assert training["seconds"] >= 0
    assert "know them by heart" in evaluate("--split", "validation")["protocol"]["flag"]


@pytest.mark.parametrize(
    ("notes", "split", "said"),
    [
        ({"chosen_on": "PublicTest"}, "PublicTest", "the very split that is reported"),
        ({"chosen_on": "validation"}, "validation", "the very split that is reported"),
        ({"fitted_on": "Training, PublicTest"}, "PublicTest", "know them by heart"),
        ({"fitted_on": "Training"}, "validation", "know them by heart"),
        ({"fitted_on": "fit", "chosen_on": "validation"}, "PublicTest", None),
        ({"faces": "drawn", "fitted_on": "Training"}, "Training", None),
        ({}, "PublicTest", None),
    ],
)
def test_a_figure_chosen_on_the_split_it_reports_is_flagged(evaluate, model, notes, split, said):
    model(ByBrightness(notes=notes))
    flag = evaluate("--split", split)["protocol"]["flag"]
    assert (said in flag) if said else flag is None


def test_six_classes_are_measured_in_the_models_own_scheme(evaluate, model):
    model(ByBrightness(SIX))
    dropped = evaluate()["data"]
    merged = evaluate("--disgust", "merge")["data"]
    assert dropped["class_scheme"] == "six-drop"
    assert merged["class_scheme"] == "six-merge"
    assert merged["faces"] == 40 > dropped["faces"]
    model(ByBrightness(SIX, notes={"class_scheme": "six-merge"}))
    assert evaluate()["data"]["class_scheme"] == "six-merge"


def test_a_class_scheme_that_does_not_fit_is_a_sentence(model, archive, capsys):
    said = _refused(["--data", str(archive), "--classes", "6"], capsys)
    assert "seven classes" in said
    assert "six classes" in said
    said = _refused(["--data", str(archive), "--classes", "7", "--disgust", "merge"], capsys)
    assert "about six classes" in said
    model(ByBrightness(SIX, notes={"class_scheme": "six-merge"}))
    said = _refused(["--data", str(archive), "--disgust", "drop"], capsys)
    assert "trained with the scheme six-merge" in said
    model(ByBrightness(("Happy", "Sad")))
    assert "classes of no scheme" in _refused(["--data", str(archive)], capsys)


def test_no_face_of_these_classes_is_a_sentence(model, tmp_path, capsys):
    faces = make_faces((7, 7, 0))
    faces.labels[7:] = 1
    path = write_zip(tmp_path / "disgust.zip", pictures(faces))
    model(ByBrightness(SIX))
    assert "nothing to measure on" in _refused(["--data", str(path)], capsys)


def test_a_class_without_faces_has_no_f1_and_the_report_says_so(evaluate, tmp_path):
    faces = make_faces((7, 20, 0))
    faces.labels[faces.labels == 1] = 0
    path = write_zip(tmp_path / "without.zip", pictures(faces))
    folder = tmp_path / "report"
    found = evaluate("--report", str(folder), data=path)
    disgust = found["per_class"]["Disgust"]
    assert disgust["support"] == 0
    assert disgust["f1"] is disgust["recall"] is disgust["f1_interval"] is None
    assert "Disgust not there" in (folder / "report.html").read_text()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda p: p * np.float32(np.nan), "no probabilities"),
        (lambda p: p * 2, "add up to 1"),
        (lambda p: p - np.eye(7, dtype=np.float32)[0], "no probabilities"),
        (lambda p: p[:, :6], r"predict_proba must return floating (n, k) = (40, 7)"),
        (lambda p: p[:3], r"(3, 7)"),
        (lambda p: (p > 0.5).astype(int), "int"),
        (lambda p: p.argmax(axis=1), "int64"),
    ],
)
def test_answers_that_are_no_probabilities_are_a_sentence(model, archive, capsys, change, said):
    model(Broken(change))
    assert said in _refused(["--data", str(archive)], capsys)


def test_an_unknown_model_is_the_catalogs_own_sentence(model, archive, capsys):
    model(CourseError("there is no model 'some'. There are lean and reference."))
    assert "There are lean and reference" in _refused(["--data", str(archive)], capsys)


def test_data_that_is_not_there_or_no_faces_is_the_readers_own_sentence(model, tmp_path, capsys):
    assert "is not there. Check the path" in _refused(["--data", str(tmp_path / "no")], capsys)
    (tmp_path / "letter.txt").write_text("Dear all,\n")
    assert "no faces were found" in _refused(["--data", str(tmp_path / "letter.txt")], capsys)


def test_the_table_says_what_a_person_wants_to_know(model, archive, capsys):
    model(ByBrightness(notes={"chosen_on": "PublicTest"}))
    words = ["evaluate", "some", "--data", str(archive), "--mirror", "--robustness"]
    assert cli.main(words) == 0
    out = capsys.readouterr().out
    for word in ["accuracy", "Surprise", "one at a time", "parameters", "rotation", "mirrored"]:
        assert word in out
    assert "some on PublicTest of faces from fer [2013].zip: 40 faces, seven classes" in out
    assert "Not to be compared: " in out


def test_the_report_is_one_page_that_needs_no_other_file(evaluate, model, tmp_path):
    model(ByBrightness(notes={"chosen_on": "PublicTest", "note": "<b>bold</b>"}))
    folder = tmp_path / "new" / "report"
    found = evaluate("--report", str(folder), "--robustness", "--mirror")
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert not re.findall(r'(?:src|href)="(?!data:|#)', text)
    pictures = re.findall(r"<img [^>]*>", text)
    assert len(pictures) == 4
    assert all(re.search(r'alt="[^"]{40,}"', each) for each in pictures)
    assert "Not to be compared" in text
    names = {"report.html", "evaluation.json", "confusion_matrix.png", "class_f1.png"}
    assert {path.name for path in folder.iterdir()} == names | {"reliability.png", "robustness.png"}
    assert json.loads((folder / "evaluation.json").read_text()) == found
    evaluate("--report", str(folder))
    assert not (folder / "robustness.png").exists(), "no figure of an earlier report stays"


def test_where_no_face_is_left_out_both_accuracies_have_one_interval(evaluate):
    found = evaluate("--split", "validation")
    without = found["without_training_duplicates"]
    assert without["left_out"] == 0
    assert without["interval"] == found["intervals"]["accuracy"]


def test_a_card_says_which_networks_taught_the_model(evaluate, model, tmp_path):
    recipe = {"teacher": "lean", "teachers": 4, "teacher_share": 0.7}
    notes = {"training_seconds_without_teachers": "1011.5", "recipe": json.dumps(recipe)}
    model(ByBrightness(notes=notes, name="live"))
    evaluate("--card", str(tmp_path))
    text = (tmp_path / "CARD.md").read_text(encoding="utf-8")
    assert "taught by 4 lean networks" in text
    assert "70% of what it learned" in text
    assert "1,012 seconds" in text


def test_a_name_says_whose_weights_were_measured(model, archive, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("FERCOURSE_DATA", str(tmp_path / "data"))
    words = ["evaluate", "lean", "--no-speed", "--data", str(archive)]
    assert cli.main(words) == 0
    assert "lean as the course brings it" in capsys.readouterr().out
    own = tmp_path / "data/trained/lean.safetensors"
    own.parent.mkdir(parents=True)
    own.touch()
    assert cli.main(words) == 0
    assert f"course.py evaluate {own}" in capsys.readouterr().out


def test_a_card_holds_what_json_prints_and_says_it_in_words(evaluate, model, tmp_path):
    notes = {"faces": "fer2013", "fitted_on": "fit", "chosen_on": "validation"}
    model(ByBrightness(notes=notes, name="lean"))
    folder = tmp_path / "lean"
    found = evaluate("--card", str(folder), "--robustness", "--mirror")
    assert json.loads((folder / "card.json").read_text()) == found
    text = (folder / "CARD.md").read_text(encoding="utf-8")
    for word in [
        "# lean",
        "95 % interval",
        "Disgust",
        "occlusion",
        "`abc`",
        "must not",
        "mirrored",
    ]:
        assert word in text
    for name in re.findall(r"\]\((\w+\.png)\)", text):
        assert (folder / name).is_file()
    assert found["command"] in text


def test_other_faces_get_a_card_beside_and_a_comparison_in_the_text(
    evaluate, model, tmp_path, monkeypatch
):
    from fercourse import drawn

    made = make_faces((30, 12, 5), seed=2)
    made = types.SimpleNamespace(**made.__dict__, truth={"AU1": np.arange(47)})
    monkeypatch.setattr(drawn, "default_set", lambda progress=None: made)
    model(ByBrightness(notes={"faces": "fer2013"}, name="lean"))
    folder = tmp_path / "lean"
    evaluate("--card", str(folder), data="drawn")
    assert [path.name for path in folder.iterdir()] == ["card_drawn.json"]
    evaluate("--card", str(folder))
    assert "one opinion each" in (folder / "CARD.md").read_text(encoding="utf-8")
    text = (folder / "CARD.md").read_text(encoding="utf-8")
    assert "## Other faces" in text
    assert "PublicTest of drawn faces (12)" in text


def test_a_report_into_a_file_is_refused_before_anything_is_measured(
    model, archive, tmp_path, capsys
):
    (tmp_path / "file").touch()
    said = _refused(["--data", str(archive), "--report", str(tmp_path / "file")], capsys)
    assert "is a file" in said
    said = _refused(["--data", str(archive), "--card", str(tmp_path / "file")], capsys)
    assert "is a file" in said


def test_a_report_that_cannot_be_finished_leaves_no_page(
    model, archive, tmp_path, monkeypatch, capsys
):
    def full(path, content):
        if path.suffix == ".json":
            raise CourseError(f"{path} could not be written: No space left on device.")
        workspace.write_atomically(path, content)

    monkeypatch.setattr("fercourse.evaluation.report.write_atomically", full)
    folder = tmp_path / "report"
    assert "No space left" in _refused(["--data", str(archive), "--report", str(folder)], capsys)
    assert not list(folder.glob("*.html"))


def test_a_report_where_nothing_can_be_written_is_refused_before_anything_is_measured(
    model, archive, tmp_path, capsys
):
    (tmp_path / "file").touch()
    model(CourseError("nothing is to be asked"))
    for option in ("--report", "--card"):
        place = tmp_path / "file" / "folder"
        said = _refused(["--data", str(archive), option, str(place)], capsys)
        assert f"{place.parent} is a file" in said
        assert "nothing is to be asked" not in said


def test_figures_are_told_before_a_report_is_written(model, archive, monkeypatch, tmp_path, capsys):
    def full(evaluation, folder):
        raise CourseError(f"{folder} could not be written: No space left on device.")

    monkeypatch.setattr("fercourse.evaluation.report.write_report", full)
    words = ["--report", str(tmp_path / "report"), "--data", str(archive)]
    assert cli.main(["evaluate", "some", "--json", "--no-speed", *words]) == 2
    told = capsys.readouterr()
    assert json.loads(told.out)["accuracy"] >= 0
    assert "No space left" in told.err


def test_a_card_is_of_public_test_and_of_the_model_in_its_folder(
    model, archive, tmp_path, monkeypatch, capsys
):
    folder = tmp_path / "lean"
    words = ["--data", str(archive), "--card", str(folder)]
    said = _refused([*words, "--split", "validation"], capsys)
    assert "PublicTest" in said
    folder.mkdir(exist_ok=True)
    (folder / "weights.safetensors").touch()
    other = types.SimpleNamespace(checksum="another")
    monkeypatch.setattr("fercourse.evaluation.card.read_weights", lambda path: other)
    assert "another model" in _refused(words, capsys)
    assert [path.name for path in folder.iterdir()] == ["weights.safetensors"]


def test_a_card_that_cannot_be_written_is_refused_before_anything_is_measured(
    model, archive, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr("fercourse.evaluation.choose_faces", lambda *_, **__: pytest.fail("late"))
    words = ["--data", str(archive), "--card", str(tmp_path)]
    assert "PublicTest" in _refused([*words, "--split", "validation"], capsys)
    (tmp_path / "weights.safetensors").touch()
    other = types.SimpleNamespace(checksum="another")
    monkeypatch.setattr("fercourse.evaluation.card.read_weights", lambda path: other)
    assert "another model" in _refused(words, capsys)


def test_a_new_card_leaves_no_figure_of_an_old_one(evaluate, tmp_path):
    folder = tmp_path / "lean"
    evaluate("--card", str(folder), "--robustness")
    assert (folder / "robustness.png").is_file()
    evaluate("--card", str(folder))
    assert not (folder / "robustness.png").exists()


def test_the_command_that_is_kept_names_drawn_faces(model, monkeypatch, capsys):
    """So that it measures the same where FER2013 is in use."""
    from fercourse import drawn

    made = make_faces((30, 12, 5), seed=2)
    made = types.SimpleNamespace(**made.__dict__, truth={"AU1": np.arange(47)})
    monkeypatch.setattr(drawn, "default_set", lambda progress=None: made)
    monkeypatch.setenv("FERCOURSE_FER2013", "drawn")
    assert cli.main(["evaluate", "some", "--json", "--no-speed"]) == 0
    assert "--data drawn" in json.loads(capsys.readouterr().out)["command"]


def test_two_models_are_compared_on_the_same_faces(evaluate, model, monkeypatch, archive, capsys):
    same = evaluate("--against", "other")["against"]
    assert same["difference"] == 0
    assert same["p_value"] == 1
    one, faces = ByBrightness(), load_faces("PublicTest", path=archive)
    models = {"some": KnowsByHeart(faces, name="some"), "other": ByBrightness(name="other")}
    monkeypatch.setattr(fercourse.classifiers, "load_classifier", lambda m, scheme=None: models[m])
    found = evaluate("--against", "other")
    right = one.predict_proba(faces.images).argmax(axis=1) == faces.labels
    against = found["against"]
    assert against["model"] == "other"
    assert against["accuracy"] == right.mean()
    assert against["difference"] == found["accuracy"] - right.mean() == 1 - right.mean()
    assert (against["only_this"], against["only_other"]) == ((~right).sum(), 0)
    assert against["interval"][0] > 0
    assert "--against other" in found["command"]
    models["other"] = ByBrightness(SIX, name="other")
    words = ["--data", str(archive), "--against", "other"]
    assert "has other classes" in _refused(words, capsys)


def test_what_a_keras_file_was_chosen_on_is_read_beside_it(evaluate, model, tmp_path):
    file = tmp_path / "best.keras"
    file.touch()
    silent = ByBrightness()
    silent.weights = None
    model(silent)
    assert load_model(str(file)).notes == {}
    write_notes(file, {"chosen_on": "validation"})
    assert load_model(str(file)).notes == {"chosen_on": "validation"}
    for content in ("{", "[]", '{"chosen_on": 3}', '{"chosen_on": "luck"}'):
        notes_file(file).write_text(content)
        with pytest.raises(CourseError, match=r"best\.keras\.json"):
            load_model(str(file))
