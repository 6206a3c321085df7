# Uses the course's own reader, which knows no sides and gives intensities.
def read_code(text):
    from fercourse.facs import decoded

    try:
        units = decoded(text)
    except ValueError:
        return None
    return [{"unit": unit, "side": "", "grade": "ABCDE"[round(5 * strength) - 1]}
            for unit, strength in sorted(units.items())]
