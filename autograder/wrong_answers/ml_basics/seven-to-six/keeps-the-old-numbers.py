# Leaves Disgust out but does not move the labels above it down.
def seven_to_six(truth, predicted):
    new = np.array([0, -1, 2, 3, 4, 5, 6])
    stays = truth != 1
    six_truth, six_predicted = new[truth[stays]], new[predicted[stays]]
    return {
        "truth": six_truth,
        "predicted": six_predicted,
        "accuracy 7": np.mean(predicted == truth),
        "accuracy 6": np.mean(six_predicted == six_truth),
    }
