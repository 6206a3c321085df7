"""The verbs of ``course.py``, one module each.

A module's ``add_parser(verbs)`` describes its verb to argparse and its ``run(args)`` does it.
Modules import only the standard library at their head, so that ``--help`` works before the
environment exists and ``start`` stays quick; ``run`` imports what it needs.
"""
