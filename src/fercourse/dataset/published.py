"""What is known of FER2013 as it was published, to compare a copy with."""

COUNTS = (
    (3995, 436, 4097, 7215, 4830, 3171, 4965),
    (467, 56, 496, 895, 653, 415, 607),
    (491, 55, 528, 879, 594, 416, 626),
)
"""Faces by split (in the order of ``emotions.SPLITS``) and label (that of ``emotions.SEVEN``)."""

TOTALS = tuple(sum(counts) for counts in COUNTS)
"""28,709, 3,589 and 3,589: the numbers of faces by split (Goodfellow et al., 2013)."""

BLANKS = 12
"""Images of one gray level in all three splits together."""

SURPLUS_DUPLICATES = 1853
"""Images of the three splits together that repeat, pixel for pixel, one before them."""
