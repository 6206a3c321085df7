# calls a group across splits only where Training is one of them
def judge_groups(groups, labels, splits):
    judged = {"across splits": [], "contradicting": [], "leave out": []}
    for group in groups:
        if len(set(splits[group])) > 1 and "Training" in splits[group]:
            judged["across splits"].append(group)
            judged["leave out"] += [i for i in group if splits[i] == "Training"]
        if len(set(labels[group])) > 1:
            judged["contradicting"].append(group)
    judged["leave out"].sort()
    return judged
