# Takes a choice before the report for one after it.
def problems(steps):
    parts = {"Training": {"fit part", "validation part"}}
    used = {"fit": set(), "choose": set(), "report": set()}
    for what, faces in steps:
        used[what] |= parts.get(faces, {faces})
    looked = used["report"] & {"PublicTest", "PrivateTest"}
    found = {
        "fitted on what is reported": bool(used["fit"] & used["report"]),
        "chosen on what is reported": bool(used["choose"] & used["report"]),
        "went on after looking": bool(looked and used["choose"]),
        "PrivateTest opened twice": sum(faces == "PrivateTest" for _, faces in steps) > 1,
    }
    return [sentence for sentence, holds in found.items() if holds]
