# looks at the words first, so that a short row with a bad word is not counted
def read_picture(text):
    words = text.split()
    for word in words:
        if not word.isdecimal() or int(word) > 255:
            return None, f"{word!r} is no gray level"
    if len(words) != 48 * 48:
        return None, f"the row has {len(words)} words, expected 2304"
    return np.array(words, dtype=np.uint8).reshape(48, 48), ""
