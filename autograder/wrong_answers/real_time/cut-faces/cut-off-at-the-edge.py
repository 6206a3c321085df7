# Cuts the square off at the frame, and stretches what is left.
def cut_faces(frame, boxes, margin=0.02):
    gray = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
    faces = np.zeros((len(boxes), 48, 48), np.uint8)
    for place, (x, y, width, height) in enumerate(boxes):
        side = max(1, round((1 + 2 * margin) * max(width, height)))
        left, top = round(x + (width - side) / 2), round(y + (height - side) / 2)
        rows = np.arange(max(0, top), min(top + side, gray.shape[0]))
        columns = np.arange(max(0, left), min(left + side, gray.shape[1]))
        square = gray[rows][:, columns]
        faces[place] = cv2.resize(square, (48, 48), interpolation=cv2.INTER_AREA)
    return faces
