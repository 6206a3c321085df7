"""A course on facial emotion recognition: its data, its methods and its limits."""

__version__ = "0.1.0"
