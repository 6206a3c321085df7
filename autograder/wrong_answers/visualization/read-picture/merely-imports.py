# calls the course's own reader, which does not say what is wrong
from fercourse.dataset.pixel_text import parse_pixels


def read_picture(text):
    pictures = parse_pixels([text.encode()])
    if pictures is None:
        return None, "this row is no picture"
    return pictures[0], ""
