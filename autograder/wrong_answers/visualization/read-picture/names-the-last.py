# names the last bad word instead of the first
def read_picture(text):
    words = text.split()
    if len(words) != 48 * 48:
        return None, f"the row has {len(words)} words, expected 2304"
    problem = ""
    for word in words:
        if not word.isdecimal() or int(word) > 255:
            problem = f"{word!r} is no gray level"
    if problem:
        return None, problem
    return np.array(words, dtype=np.uint8).reshape(48, 48), ""
