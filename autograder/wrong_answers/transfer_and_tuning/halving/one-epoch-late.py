# Reads the accuracy of the first epoch again instead of the round's.
def successive_halving(curves, rounds, keep):
    curves = np.asarray(curves)
    left, done, epochs, alive = np.arange(len(curves)), 0, 0, []
    for until in rounds:
        alive.append(len(left))
        epochs += len(left) * (until - done)
        order = left[np.argsort(-curves[left, max(done - 1, 0)], kind="stable")]
        left, done = np.sort(order[: max(1, len(left) // keep)]), until
    return {"winner": int(order[0]), "alive": alive, "epochs": int(epochs)}
