# Waits for one epoch more than the patience.
def early_stopping(losses, patience):
    best = 1
    for epoch in range(1, len(losses) + 1):
        if losses[epoch - 1] < losses[best - 1]:
            best = epoch
        if epoch - best > patience:
            return epoch, best
    return len(losses), best
