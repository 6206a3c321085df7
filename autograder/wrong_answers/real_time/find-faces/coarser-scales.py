# Goes through the sizes of faces in steps that are too large.
def find_faces(frame, longest_side=480, least_neighbors=5):
    scale = max(1.0, max(frame.shape[:2]) / longest_side)
    smaller = cv2.resize(frame, None, fx=1 / scale, fy=1 / scale)
    gray = cv2.equalizeHist(cv2.cvtColor(smaller, cv2.COLOR_BGR2GRAY))
    boxes = cascade().detectMultiScale(
        gray, scaleFactor=1.3, minNeighbors=least_neighbors, minSize=(24, 24)
    )
    return np.rint(np.reshape(boxes, (-1, 4)) * scale).astype(int)
