# Each box in turn takes its person, even if another box fits better.
def same_people(known, boxes, next_number, least=0.3):
    found = {}
    for place, box in enumerate(boxes):
        free = [n for n in known if n not in found.values()]
        best = max(free, key=lambda n: overlap(known[n], box), default=None)
        if best is not None and overlap(known[best], box) >= least:
            found[place] = best
    for place in range(len(boxes)):
        if place not in found:
            found[place] = next_number
            next_number += 1
    return [found[place] for place in range(len(boxes))]
