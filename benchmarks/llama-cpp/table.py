"""The comparison as a Markdown page: the table first, then what it was measured on and how."""

from statistics import median


def spread(values, digits):
    """Median (lowest to highest)."""
    return f"{median(values):,.{digits}f} ({min(values):,.{digits}f} to {max(values):,.{digits}f})"


def throughput(values):
    return spread(values, 0 if median(values) >= 100 else 1)


def table(names, batches, rounds):
    """`rounds[batch]` lists, a round each, {engine: {"decode", "prefill"}}; a ratio is the second engine over the first."""
    columns = []
    for measure in ("decode", "prefill"):
        columns += [f"{name} {measure}" for name in names]
        if len(names) == 2:
            columns.append(f"{measure} ratio")
    lines = [row(["batch", *columns]), row(["---:"] * (1 + len(columns)))]
    for batch in batches:
        cells = []
        for measure in ("decode", "prefill"):
            series = {name: [each[name][measure] for each in rounds[batch]] for name in names}
            cells += [throughput(series[name]) for name in names]
            if len(names) == 2:
                first, second = (series[name] for name in names)
                cells.append(spread([b / a for a, b in zip(first, second)], 2))
        lines.append(row([str(batch), *cells]))
    return "\n".join(lines)


def row(cells):
    return f"| {' | '.join(cells)} |"


def page(title, body, facts):
    listed = "\n".join(f"- {name}: {value}" for name, value in facts)
    return f"# {title}\n\n{body}\n\n{listed}\n"
