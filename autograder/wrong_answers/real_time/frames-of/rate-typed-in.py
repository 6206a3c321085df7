# Takes 25 frames a second for granted.
def frames_of(source):
    capture = open_source(source)
    rate = 25.0
    began, number = time.monotonic(), 0
    try:
        there, frame = capture.read()
        while there:
            yield (time.monotonic() - began if is_camera(source) else number / rate), frame
            number += 1
            there, frame = capture.read()
    finally:
        capture.release()
