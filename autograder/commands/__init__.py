"""The verbs of ``course.py`` for instructors; what ``fercourse.commands`` says holds here too."""
