# Does not say in the window how many frames a second are shown.
def annotate(source, output=None, model="live", window=False):
    classes, rate = classifier(model).classes, rate_of(source)
    people, rows, moments, writer = {}, [], [], None
    try:
        for seconds, frame in frames_of(source):
            boxes, answers = name_faces(frame, model)
            people = follow(people, boxes, answers, seconds)
            found = rows_of(people, seconds, classes)
            rows += found
            sides = [(row["left"], row["top"], row["width"], row["height"]) for row in found]
            drawn = draw_faces(frame, sides, [row["text"] for row in found])
            if output is not None:
                writer = writer or open_writer(output, frame, rate)
                writer.write(drawn)
            if window:
                if not show(drawn):
                    break
    finally:
        if writer is not None:
            writer.release()
    return rows
