# leaves out every copy in Training, also where no test has it
def judge_groups(groups, labels, splits):
    result = {"across splits": [], "contradicting": [], "leave out": []}
    for group in groups:
        if len({splits[position] for position in group}) > 1:
            result["across splits"].append(group)
        if len({labels[position] for position in group}) > 1:
            result["contradicting"].append(group)
        result["leave out"] += [each for each in group if splits[each] == "Training"]
    result["leave out"].sort()
    return result
