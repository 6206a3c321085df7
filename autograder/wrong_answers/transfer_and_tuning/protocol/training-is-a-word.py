# Does not see that Training holds both parts.
def problems(steps):
    used = {"fit": set(), "choose": set(), "report": set()}
    looked, went_on = False, False
    for what, faces in steps:
        used[what].add(faces)
        went_on = went_on or (looked and what != "report")
        looked = looked or (what == "report" and faces in ("PublicTest", "PrivateTest"))
    found = {
        "fitted on what is reported": bool(used["fit"] & used["report"]),
        "chosen on what is reported": bool(used["choose"] & used["report"]),
        "went on after looking": went_on,
        "PrivateTest opened twice": sum(faces == "PrivateTest" for _, faces in steps) > 1,
    }
    return [sentence for sentence, holds in found.items() if holds]
