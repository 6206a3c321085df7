# Numbers new people from 1 again.
def same_people(known, boxes, next_number, least=0.3):
    pairs = [
        (overlap(was, box), number, place)
        for number, was in known.items()
        for place, box in enumerate(boxes)
    ]
    found, next_number = {}, 1
    for shared, number, place in sorted(pairs, reverse=True):
        if shared >= least and place not in found and number not in found.values():
            found[place] = number
    for place in range(len(boxes)):
        if place not in found:
            found[place] = next_number
            next_number += 1
    return [found[place] for place in range(len(boxes))]
