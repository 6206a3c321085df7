# Lets a number begin with 0.
def read_code(text):
    import re

    text = text.replace(" ", "")
    if text == "0":
        return []
    units = []
    for part in text.split("+"):
        found = re.fullmatch(r"([LR]?)([0-9]{1,2})([A-E]?)", part)
        if not found:
            return None
        units.append({"unit": int(found[2]), "side": found[1], "grade": found[3]})
    return sorted(units, key=lambda unit: (unit["unit"], unit["side"]))
