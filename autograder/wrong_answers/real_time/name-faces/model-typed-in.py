# Always asks the same model.
def name_faces(frame, model):
    boxes = find_faces(frame)
    return boxes, ask(cut_faces(frame, boxes), "live")
