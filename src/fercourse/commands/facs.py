"""``course.py facs``: a page in the browser on which action units are moved."""

import argparse
from typing import TYPE_CHECKING

from fercourse.commands._page import add_page
from fercourse.commands._serving import SERVED, add_serving, serve

if TYPE_CHECKING:
    from fercourse.commands._page import Pages
    from fercourse.gradio_page import Page

_DESCRIPTION = f"""\
Open a page in the browser with a slider for each action unit of the Facial Action Coding System
that the course can draw. It shows the face that they make, the 48 by 48 gray pixels that a network
sees of it, what the network says, how FACS writes the face down, and which published tables have
it. A menu sets the sliders to what a table says an emotion looks like.

All faces are drawn: no photograph, no camera. A label says what a picture looks like to a network,
not what anybody feels.

{SERVED}
"""

_EPILOG = """\
examples:
  python3 course.py facs
  python3 course.py facs --person glasses --network live
  python3 course.py facs --host 0.0.0.0          a class may use it, each on a machine of their own

exit codes:
  0, 130  you stopped it with Ctrl-C
  2       something you can mend; the sentence says what
"""


def add_parser(verbs: "Pages") -> None:
    """Describe the verb to argparse."""
    summary = "move action units of a drawn face, on a page in the browser"
    parser = add_page(verbs, "facs", summary, _DESCRIPTION, _EPILOG)
    parser.add_argument(
        "--person",
        metavar="NAME",
        help="who is drawn first, as the page's menu has it (default: the first there)",
    )
    parser.add_argument(
        "--network",
        metavar="NAME",
        help="which network is asked first, as the page's menu has it (default: the first there)",
    )
    add_serving(parser)
    parser.set_defaults(run=run, extras=("web",))


def run(args: argparse.Namespace) -> int:
    """Serve the page until somebody stops it."""
    from fercourse.environment.system import require_opencv_libraries

    require_opencv_libraries()

    def page() -> "Page":
        from fercourse.facs.page import page

        chosen = {"person": args.person, "network": args.network}
        return page(**{name: word for name, word in chosen.items() if word is not None})

    serve(args, page)
    return 0
