# Asks about one face after the other.
def name_faces(frame, model):
    boxes = find_faces(frame)
    faces = cut_faces(frame, boxes)
    rows = [ask(faces[place : place + 1], model) for place in range(len(faces))]
    return boxes, np.concatenate([ask(faces[:0], model), *rows])
