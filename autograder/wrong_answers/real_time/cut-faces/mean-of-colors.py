# Gray as the plain mean of blue, green and red.
def cut_faces(frame, boxes, margin=0.02):
    gray = frame.mean(axis=2).astype(np.uint8)
    faces = np.zeros((len(boxes), 48, 48), np.uint8)
    for place, (x, y, width, height) in enumerate(boxes):
        side = max(1, round((1 + 2 * margin) * max(width, height)))
        left, top = round(x + (width - side) / 2), round(y + (height - side) / 2)
        rows = np.clip(np.arange(top, top + side), 0, gray.shape[0] - 1)
        columns = np.clip(np.arange(left, left + side), 0, gray.shape[1] - 1)
        square = gray[rows][:, columns]
        faces[place] = cv2.resize(square, (48, 48), interpolation=cv2.INTER_AREA)
    return faces
