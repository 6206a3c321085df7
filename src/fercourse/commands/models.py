"""``course.py models``: fetch the face detector that the live programs are best with."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from fercourse.commands._page import add_actions, add_page

if TYPE_CHECKING:
    from fercourse.commands._page import Pages

_DESCRIPTION = """\
Say which face detector the live programs have, and fetch a better one.

Haar's cascade comes with OpenCV and always works. YuNet, a small network, finds more faces, tilted
and turned ones too, in less time, and says where eyes, nose and mouth are. Its file (0.2 MB, MIT
licence) is not part of the course.
"""

_EPILOG = """\
examples:
  python3 course.py models status           which there are
  python3 course.py models get              fetch YuNet and check it
  python3 course.py models use Downloads    it lies there already

files:
  data/detectors/face_detection_yunet_2023mar.onnx   where get puts it
  data/settings.json                                 which folder use named

environment:
  FERCOURSE_MODELS   a folder with the file; wins over what was remembered

exit codes:
  0  done
  2  something you can mend; the sentence says what, and nothing was changed
"""

_GET = """\
Fetch YuNet from OpenCV Zoo, check that it is the published file, and use it from now on.
"""

_USE = """\
Use YuNet from the folder that it lies in, from now on.
"""

_STATUS = """\
Say which detectors there are and which one a live program would take.
"""


def add_parser(verbs: "Pages") -> None:
    """Describe the verb to argparse."""
    summary = "say which face detector there is, and fetch a better one"
    parser = add_page(verbs, "models", summary, _DESCRIPTION, _EPILOG)
    add = add_actions(parser, "models", run)

    add("get", "fetch YuNet", _GET, _get)
    use = add("use", "use YuNet from a folder", _USE, _use)
    use.add_argument("folder", metavar="FOLDER", type=Path, help="where the file lies")
    status = add("status", "say which there are", _STATUS, _status)
    status.add_argument("--json", action="store_true", help="print JSON for a program to read")


def run(args: argparse.Namespace) -> int:
    """Do what was asked for."""
    from fercourse.environment.system import require_opencv_libraries

    require_opencv_libraries()
    args.action(args)
    return 0


def _get(_: argparse.Namespace) -> None:
    from fercourse.live.model_files import fetch_yunet

    print(f"YuNet was fetched and checked: {fetch_yunet()}.")


def _use(args: argparse.Namespace) -> None:
    from fercourse.live.model_files import use_folder
    from fercourse.workspace import absolute

    print(f"YuNet is used from now on: {use_folder(absolute(args.folder))}.")


def _status(args: argparse.Namespace) -> None:
    from fercourse.live.model_files import detector_of, models_folder

    choice = detector_of("auto")
    if args.json:
        said = {"detector": choice.detector.name, "folder": str(models_folder())}
        print(json.dumps(said | {"reason": choice.reason}, indent=2))
    else:
        print(choice.reason)
