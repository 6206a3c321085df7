# leaves the copies out of the test splits instead of Training
def judge_groups(groups, labels, splits):
    result = {"across splits": [], "contradicting": [], "leave out": []}
    for group in groups:
        if len({splits[position] for position in group}) > 1:
            result["across splits"].append(group)
            result["leave out"] += [each for each in group if splits[each] != "Training"]
        if len({labels[position] for position in group}) > 1:
            result["contradicting"].append(group)
    result["leave out"].sort()
    return result
