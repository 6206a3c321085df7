# Leaves out a moment that is just one second older.
def frames_per_second(moments):
    lately = [moment for moment in moments if moment > moments[-1] - 1]
    if len(lately) < 2 or lately[-1] == lately[0]:
        return 0.0
    return (len(lately) - 1) / (lately[-1] - lately[0])
