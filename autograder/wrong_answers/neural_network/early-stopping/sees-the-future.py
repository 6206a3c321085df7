# Takes the best of all epochs, those after the stop included.
def early_stopping(losses, patience):
    best = int(np.argmin(losses)) + 1
    return min(best + patience, len(losses)), best
