"""``hint``: the hints of an exercise, one more each time a student asks."""

from pathlib import Path

from fercourse.learn.items import read_items

_asked: dict[tuple[str, str], int] = {}


def hint(item_id: str) -> None:
    """Print an exercise's first hint, its next where one was asked for before, and then the last.

    Args:
        item_id: the exercise's id, as in ``check("accuracy")`` of its test cell.

    Raises:
        CourseError: there is no such exercise.
    """
    assignment = read_items(Path())
    item = assignment.item(item_id)
    key = (assignment.name, item_id)
    number = min(_asked.get(key, 0) + 1, len(item.hints))
    _asked[key] = number
    print(f"Hint {number} of {len(item.hints)}: {item.hints[number - 1]}")
