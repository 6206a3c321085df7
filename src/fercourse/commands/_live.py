"""What the commands that read faces have in common: their options and how they begin."""

import argparse
import sys
from typing import TYPE_CHECKING

from fercourse.commands._training import require_at_least_one

if TYPE_CHECKING:
    from fercourse.classifiers import Classifier
    from fercourse.live.model_files import Choice
    from fercourse.live.reader import FaceReader

PRIVACY = """\
Nothing leaves this machine, and nothing is kept unless you ask for a file. The law of the European
Union forbids inferring people's emotions at work and in education (AI Act, Art. 5(1)(f)), but for
medical or safety reasons. This is for learning what the method can do: a label says what a face
looks like to a network, not what anybody feels."""


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Add the options for what finds faces and what names their expressions."""
    parser.add_argument(
        "--detector",
        choices=("auto", "yunet", "haar"),
        default="auto",
        help="what finds faces (default: YuNet where its file is, else Haar's cascade)",
    )
    parser.add_argument(
        "--model",
        default="live",
        metavar="NAME",
        help="what names expressions: a shipped model or a file (default: live)",
    )
    parser.add_argument(
        "--max-faces", type=int, metavar="N", help="read the N largest faces of a frame only"
    )
    parser.add_argument(
        "--profile", metavar="PERSON", help="what was learned of a person, see live --learn"
    )
    parser.add_argument(
        "--landmarks", action="store_true", help="draw the points that faces are aligned by"
    )


def parts_of(args: argparse.Namespace) -> "tuple[Choice, Classifier]":
    """Return the detector and the classifier that the options ask for, and tell which and why.

    Raises:
        CourseError: one of them is not there or unusable.
    """
    require_at_least_one(args, "max_faces")
    from fercourse.classifiers import load_classifier
    from fercourse.live.model_files import detector_of

    classifier = load_classifier(args.model)
    if args.profile is not None:
        classifier = _with_profile(classifier, args.profile)
    choice = detector_of(args.detector)
    tell(choice.reason)
    return choice, classifier


def _with_profile(classifier: "Classifier", person: str) -> "Classifier":
    """Return the classifier with what was learned of a person, if that helped.

    Raises:
        CourseError: there is no such profile, it is damaged, or it is another network's.
    """
    from fercourse.live.personal import PersonalClassifier, network_in, read_profile

    profile = read_profile(person)
    personal = PersonalClassifier(network_in(classifier, profile.model), profile)
    shares = f"{profile.before:.0%} right without it, {profile.after:.0%} with it"
    if not profile.helps:
        tell(f"The profile of {profile.person} did not help ({shares}), so it is not used.")
        return classifier
    tell(f"The profile of {profile.person} is used: {shares}, on frames held out.")
    return personal


def reader_of(args: argparse.Namespace) -> "FaceReader":
    """Return what reads faces as the options say; see ``parts_of``."""
    from fercourse.live.reader import FaceReader

    choice, classifier = parts_of(args)
    return FaceReader(choice.detector, classifier, most_faces=args.max_faces)


def tell(sentence: str) -> None:
    """Say something that is no result."""
    print(sentence, file=sys.stderr, flush=True)
