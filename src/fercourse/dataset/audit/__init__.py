"""What is wrong with a set of faces: blanks, repeated images, labels that disagree.

``findings.py`` looks, ``near.py`` finds photographs that were cropped or compressed anew,
``report.py`` writes what was found as text, JSON and contact sheets.
"""
