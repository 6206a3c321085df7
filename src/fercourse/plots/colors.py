"""The colors of classes, wherever they are drawn."""

COLORS = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
    "#6b6b6b",
)
"""Seven colors that people with any kind of color vision can tell apart.

Okabe and Ito (2008), "Color Universal Design", without their yellow and with gray for black.
"""
