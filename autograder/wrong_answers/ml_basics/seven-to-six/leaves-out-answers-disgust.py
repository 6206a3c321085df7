# Leaves out the faces that were taken for Disgust, and with them their mistakes.
def seven_to_six(truth, predicted):
    new = np.array([0, -1, 1, 2, 3, 4, 5])
    stays = (truth != 1) & (predicted != 1)
    six_truth, six_predicted = new[truth[stays]], new[predicted[stays]]
    return {
        "truth": six_truth,
        "predicted": six_predicted,
        "accuracy 7": np.mean(predicted == truth),
        "accuracy 6": np.mean(six_predicted == six_truth),
    }
