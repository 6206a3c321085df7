# groupby sorts the classes by name and leaves empty ones out
def brightness_table(images, labels, classes):
    table = pd.DataFrame({"emotion": np.array(classes)[labels], "faces": 1,
                          "brightness": images.mean(axis=(1, 2)),
                          "contrast": images.std(axis=(1, 2))})
    groups = table.groupby("emotion")
    result = groups[["brightness", "contrast"]].mean()
    result.insert(0, "faces", groups.size())
    return result
