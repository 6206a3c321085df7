# Draws into the frame that it was given.
def draw_faces(frame, boxes, texts):
    result = frame
    for (x, y, width, height), text in zip(boxes, texts):
        cv2.rectangle(result, (int(x), int(y)), (int(x + width), int(y + height)), GREEN, 2)
        wide, tall = text_size(text)
        left = max(0, min(x, frame.shape[1] - wide))
        put_text(result, text, left, y - 2 if y - 2 >= tall else y + tall + 4)
    return result
