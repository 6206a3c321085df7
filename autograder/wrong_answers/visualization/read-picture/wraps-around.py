# converts to bytes without looking at the range, so 256 becomes 0
def read_picture(text):
    words = text.split()
    if len(words) != 2304:
        return None, f"the row has {len(words)} words, expected 2304"
    for word in words:
        if not word.isdecimal():
            return None, f"{word!r} is no gray level"
    return np.array([int(word) for word in words]).astype(np.uint8).reshape(48, 48), ""
