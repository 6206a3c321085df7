# Looks at the last entry's faces alone.
def problems(steps):
    parts = {"Training": {"fit part", "validation part"}}
    used = {"fit": set(), "choose": set()}
    looked, went_on, reported = False, False, set()
    for what, faces in steps:
        if what == "report":
            reported = parts.get(faces, {faces})
        else:
            used[what] |= parts.get(faces, {faces})
        went_on = went_on or (looked and what != "report")
        looked = looked or (what == "report" and faces in ("PublicTest", "PrivateTest"))
    found = {
        "fitted on what is reported": bool(used["fit"] & reported),
        "chosen on what is reported": bool(used["choose"] & reported),
        "went on after looking": went_on,
        "PrivateTest opened twice": sum(what == "report" and faces == "PrivateTest"
                                        for what, faces in steps) > 2,
    }
    return [sentence for sentence, holds in found.items() if holds]
