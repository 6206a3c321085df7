# Counts the epochs of each round from the beginning.
def successive_halving(curves, rounds, keep):
    curves = np.asarray(curves)
    left, epochs, alive = np.arange(len(curves)), 0, []
    for until in rounds:
        alive.append(len(left))
        epochs += len(left) * until
        order = left[np.argsort(-curves[left, until - 1], kind="stable")]
        left = np.sort(order[: max(1, len(left) // keep)])
    return {"winner": int(order[0]), "alive": alive, "epochs": int(epochs)}
