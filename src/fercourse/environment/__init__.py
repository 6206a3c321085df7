"""The environment that the course runs in: whether there is a fitting one, and how it is made.

Standard library only: this is what runs before anything is installed.

- ``layout``: where the environment, its stamp and its locks lie;
- ``stamp``: whether ``.venv`` is what the locks say;
- ``ranges``: whether the running environment satisfies ``pyproject.toml``;
- ``system``: systems without TensorFlow, and libraries that OpenCV expects of Linux;
- ``install``: making and mending ``.venv``, with ``progress`` and ``failures`` for what it says.
"""
