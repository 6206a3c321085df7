# Lets the picture keep its size without padding.
def count_parameters(network, shape):
    rows, columns, channels = shape
    total = kept = 0
    for kind, *settings in network:
        if kind == "convolution":
            filters, padding = settings
            total += 9 * channels * filters + filters
            channels = filters
        elif kind == "normalization":
            total += 4 * channels
            kept += 2 * channels
        elif kind == "pooling":
            rows, columns = rows // 2, columns // 2
        elif kind == "flatten":
            rows, columns, channels = 1, 1, rows * columns * channels
        elif kind == "dense":
            total += channels * settings[0] + settings[0]
            channels = settings[0]
    return {"total": total, "trainable": total - kept}
