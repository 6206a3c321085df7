# Releases the capture after the last frame only, not where nobody asks for it.
def frames_of(source):
    capture = open_source(source)
    rate = capture.get(cv2.CAP_PROP_FPS) or 25.0
    began, number = time.monotonic(), 0
    there, frame = capture.read()
    while there:
        yield (time.monotonic() - began if is_camera(source) else number / rate), frame
        number += 1
        there, frame = capture.read()
    capture.release()
