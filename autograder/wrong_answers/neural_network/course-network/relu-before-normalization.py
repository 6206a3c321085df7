# puts ReLU before the normalization; the parameters are as many
def course_network(classes, filters=(256, 128, 64), neurons=(512, 256, 128)):
    parts, padding = [keras.Input((48, 48, 1))], "valid"
    for number in filters:
        for _ in range(2):
            parts += [layers.Conv2D(number, 3, padding=padding)]
            parts += [layers.ReLU(), layers.BatchNormalization()]
            padding = "same"
        parts.append(layers.MaxPooling2D())
    parts.append(layers.Flatten())
    for number in neurons:
        parts += [layers.Dense(number), layers.ReLU(), layers.BatchNormalization()]
    return keras.Sequential([*parts, layers.Dense(classes, activation="softmax")])
