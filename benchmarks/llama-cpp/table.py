"""The comparison as a Markdown page: the table first, then what it was measured on and how."""

from statistics import median


def spread(values, digits):
    """Median (lowest to highest)."""
    return f"{median(values):,.{digits}f} ({min(values):,.{digits}f} to {max(values):,.{digits}f})"


def throughput(values):
    return spread(values, 0 if median(values) >= 100 else 1)


def table(names, batches, rounds):
    """`rounds[batch]` lists, a round each, {engine: {"decode", "prefill", "disturbed"}}; a ratio is the second engine over
    the first, sampling its share of decoding. Rounds with a disturbed run are left out; where no other is left they are shown, marked, without a ratio."""
    columns = []
    for measure in ("decode", "prefill"):
        columns += [f"{name} {measure}" for name in names]
        if len(names) == 2:
            columns.append(f"{measure} ratio")
    columns += [f"{name} sampling" for name in names]
    lines = [row(["batch", "rounds", *columns]), row(["---:"] * (2 + len(columns)))]
    for batch in batches:
        calm = undisturbed(rounds[batch])
        shown = calm or rounds[batch]
        cells = [str(batch), f"{len(calm)} of {len(rounds[batch])}" + ("" if calm else ", **disturbed**")]
        for measure in ("decode", "prefill"):
            series = [[each[name][measure] for each in shown] for name in names]
            cells += [throughput(values) for values in series]
            if len(names) == 2:
                cells.append(spread([ours / theirs for theirs, ours in zip(*series)], 2) if calm else "none")
        cells += ["" if shown[0][name]["sampling"] is None else f"{median(each[name]['sampling'] for each in shown):.1%}" for name in names]
        lines.append(row(cells))
    return "\n".join(lines)


def undisturbed(rounds):
    return [each for each in rounds if not any(run["disturbed"] for run in each.values())]


def row(cells):
    return f"| {' | '.join(cells)} |"


def page(title, body, facts):
    listed = "\n".join(f"- {name}: {value}" for name, value in facts)
    return f"# {title}\n\n{body}\n\n{listed}\n"
