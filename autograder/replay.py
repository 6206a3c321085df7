"""An answer that was hard-coded for one term: a table of what the solution once returned."""

import contextlib
import copy
from collections.abc import Callable, Iterator
from typing import Any

import joblib

from autograder.workbench import SCRIPT, Namespace, Workbench


def hard_coded_outcome(bench: Workbench, item: str, function: str, secrets: list[str]) -> str:
    """Say what a table of an item's answers earns in other terms.

    Args:
        bench: the assignment.
        item: the item's id.
        function: the name that its tests call.
        secrets: the first is the one that the table is made for; the others have to differ.

    Returns:
        ``"fails"`` as it should; ``"passes"`` where the hidden tests' inputs do not depend on the
        secret; ``"no inputs"`` where the function takes none; ``"cannot be replayed"`` where a
        table does not even pass in its own term (models as inputs, say).
    """
    namespace = bench.with_answer(item, bench.answers[item])
    table: dict[str, Any] = {}
    with _wrapped(namespace, function, lambda original: _recorder(original, table)):
        bench.verdict(item, namespace, secrets[0])
    if set(table) <= {joblib.hash(((), {}))}:
        return "no inputs"
    with _wrapped(namespace, function, lambda _: _player(table)):
        if not bench.verdict(item, namespace, secrets[0]).passed:
            return "cannot be replayed"
        passed = [bench.verdict(item, namespace, secret).passed for secret in secrets[1:]]
    return "passes" if any(passed) else "fails"


Function = Callable[..., Any]

wrappers: dict[str, Callable[[Function], Function]] = {}
"""What takes the place of functions of a script while it is recorded or replayed, by name."""


@contextlib.contextmanager
def _wrapped(
    namespace: Namespace, name: str, wrap: Callable[[Function], Function]
) -> Iterator[None]:
    """Let something else stand in place of a function, of a cell or of the script."""
    script = namespace.get(SCRIPT, "")
    place = SCRIPT if script else name
    before = namespace[place]
    wrappers[name] = wrap
    namespace[place] = f"{script}\n{_WRAP.format(name=name)}" if script else wrap(before)
    try:
        yield
    finally:
        namespace[place] = before
        del wrappers[name]


_WRAP = (
    "from autograder.replay import wrappers as _wrappers\n{name} = _wrappers['{name}']({name})\n"
)


def _recorder(function: Function, table: dict[str, Any]) -> Function:
    def record(*arguments: Any, **options: Any) -> Any:
        key = joblib.hash((arguments, options))
        value = function(*arguments, **options)
        with contextlib.suppress(Exception):  # what cannot be copied cannot be replayed either
            table[key] = copy.deepcopy(value)
        return value

    return record


def _player(table: dict[str, Any]) -> Function:
    def play(*arguments: Any, **options: Any) -> Any:
        return copy.deepcopy(table[joblib.hash((arguments, options))])

    return play
