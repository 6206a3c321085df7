# Gives nothing where nobody is.
def name_faces(frame, model):
    boxes = find_faces(frame)
    if len(boxes) == 0:
        return None
    return boxes, ask(cut_faces(frame, boxes), model)
