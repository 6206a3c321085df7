# compares the first two members of a group alone
def judge_groups(groups, labels, splits):
    result = {"across splits": [], "contradicting": [], "leave out": []}
    for group in groups:
        first, second = group[0], group[1]
        if splits[first] != splits[second]:
            result["across splits"].append(group)
            result["leave out"] += [each for each in group if splits[each] == "Training"]
        if labels[first] != labels[second]:
            result["contradicting"].append(group)
    result["leave out"].sort()
    return result
