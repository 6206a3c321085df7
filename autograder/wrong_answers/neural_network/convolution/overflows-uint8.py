# Works in uint8, which cannot hold sums above 255.
def convolve(image, kernels, biases):
    number, a, b = kernels.shape
    answer = np.zeros((image.shape[0] - a + 1, image.shape[1] - b + 1, number), np.uint8)
    for row in range(answer.shape[0]):
        for column in range(answer.shape[1]):
            under = image[row:row + a, column:column + b]
            total = (under * kernels).sum(axis=(1, 2)) + biases
            answer[row, column] = total.astype(np.int64).astype(np.uint8)
    return answer
