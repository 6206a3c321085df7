"""Answers that stand in a program beside the notebook: each is one of its functions."""

import ast


def function_of(text: str, name: str) -> str:
    """Return a function of a program with its decorators and comments; empty where it has none.

    Args:
        text: the program.
        name: the function's.
    """
    place = _place(text, name)
    return "".join(text.splitlines(keepends=True)[place]) if place else ""


def with_function(text: str, name: str, code: str) -> str:
    """Return a program with other code in place of a function.

    Args:
        text: the program.
        name: the function's.
        code: what stands there instead.

    Raises:
        ValueError: the program has no such function.
    """
    place = _place(text, name)
    if place is None:
        raise ValueError(f"the program has no function {name}.")
    lines = text.splitlines(keepends=True)
    lines[place] = [code.rstrip("\n") + "\n"]
    return "".join(lines)


def _place(text: str, name: str) -> slice | None:
    """Return which lines a function takes; comments at its end, indented as it is, belong to it."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError):
        return None
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)]) - 1
            assert node.end_lineno is not None
            last = node.end_lineno
            for number, line in enumerate(text.splitlines()[last:], start=last + 1):
                if line.strip() and not line[0].isspace():
                    break
                last = number if line.strip() else last
            return slice(first, last)
    return None
