"""What ``course.py tune`` shows: how far a search is, and its best trials."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from fercourse.training.loop import Progress
    from fercourse.training.tuning import Event, Report, Setting


@contextmanager
def progress() -> "Iterator[Report]":
    """Yield what shows how far a search is: a line for each trial, and on a terminal a bar."""
    if not sys.stdout.isatty():
        yield lambda event: _say(event, lambda line: print(line, flush=True))
        return
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    with Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[says]}"),
        transient=True,
    ) as shown:
        task = shown.add_task("first trial", total=1.0, says="")

        def show(event: "Event") -> None:
            _say(event, lambda line: shown.console.print(line, markup=False, highlight=False))
            share = event.progress.share if event.progress else 0.0
            best = f"best {percent(event.best)}" if event.best is not None else ""
            left = f"{_duration(event.seconds_left)} left" if event.seconds_left else ""
            shown.update(
                task,
                completed=share,
                description=_counted(event),
                says="  ".join(word for word in (best, left) if word),
            )

        yield show


def _say(event: "Event", write: Callable[[str], None]) -> None:
    """Write what happened as a line."""
    who = f" ({event.worker})" if event.worker else ""
    match event.kind:
        case "begins":
            epochs = epochs_in_words(event.epochs)
            line = f"{_counted(event)}{who}: {epochs} with {_in_words(event.setting)}"
        case "ended":
            got = f"{percent(event.accuracy)}, best {percent(event.best)}"
            line = f"{_counted(event)}{who}: {got}"
            if event.seconds_left:
                line += f", {_duration(event.seconds_left)} left"
        case "failed":
            line = f"{_counted(event)}{who} failed: {event.message or 'its worker says why'}"
        case "lost":
            line = f"{_counted(event)}: {event.worker} has gone silent, another gets this trial"
        case _:
            return
    write(line)


def _counted(event: "Event") -> str:
    return f"Trial {event.trial}" + (f" of {event.trials}" if event.trials else "")


def epochs_in_words(number: int) -> str:
    """Return a number of epochs as people write it."""
    return f"{number} epoch" + ("" if number == 1 else "s")


def _in_words(setting: "Setting") -> str:
    """Return a setting in one line."""
    return ", ".join(
        f"{_SHORT.get(name, name)} {value:.2g}" if isinstance(value, float) else _word(name, value)
        for name, value in setting.as_dict().items()
    )


def _word(name: str, value: Any) -> str:
    return value if isinstance(value, str) else f"{_SHORT.get(name, name)} {value}"


_SHORT = {
    "learning_rate": "learning rate",
    "batch_size": "batch",
    "label_smoothing": "smoothing",
    "weight_decay": "decay",
}


@contextmanager
def bar() -> "Iterator[Callable[[Progress], None]]":
    """Yield what shows how far one training is."""
    if not sys.stdout.isatty():

        def say(progress: "Progress") -> None:
            if progress.epoch_is_over:
                left = _duration(progress.seconds_left)
                print(f"Epoch {progress.epoch} of {progress.epochs}, {left} left", flush=True)

        yield say
        return
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[left]}"))
    with Bar(*columns) as shown:
        task = shown.add_task("training", total=1.0, left="")
        yield lambda progress: shown.update(
            task,
            completed=progress.share,
            description=f"epoch {progress.epoch} of {progress.epochs}",
            left=f"{_duration(progress.seconds_left)} left",
        )


def print_table(table: "pd.DataFrame") -> None:
    """Print trials, each with its setting in words, so that a narrow terminal is enough."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from fercourse.training.tuning import Setting

    shown = Table(box=box.SIMPLE_HEAD, title="The best trials", title_justify="left")
    for name in ("trial", "accuracy", "epochs", "time", "parameters"):
        shown.add_column(name, justify="right", no_wrap=True)
    shown.add_column("setting", overflow="fold")
    names = Setting().as_dict()
    for row in table.to_dict(orient="records"):
        shown.add_row(
            str(row["trial"]),
            percent(row["accuracy"]),
            str(row["epochs"]),
            _duration(row["seconds"]),
            f"{row['parameters']:,}",
            _in_words(Setting(**{name: row[name] for name in names})),
        )
    Console(width=None if sys.stdout.isatty() else 100).print(shown)


def percent(share: float | None) -> str:
    """Return a share as people write it; a dash for none."""
    return "-" if share is None else f"{100 * share:.1f} %"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
