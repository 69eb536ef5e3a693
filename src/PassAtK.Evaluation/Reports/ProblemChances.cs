namespace PassAtK.Evaluation.Reports;

/// <summary>
/// Why a report draws no chance line though some of its problems carry a chance: a line over the others would be of another set of
/// problems than the curves beside it.
/// </summary>
/// <param name="Missing">Problems without a chance.</param>
/// <param name="Different">Problems whose chance is not the same in the two runs of a comparison.</param>
/// <param name="First">Id of the first of either kind.</param>
public sealed record ChanceGap(int Missing, int Different, string First);

/// <summary>The chance of each of a report's problems, from one run or from two that must agree.</summary>
/// <param name="ById">Every problem's chance, or null where any has none.</param>
/// <param name="Gap">What stands in the way; null where all have a chance, and where none has.</param>
internal sealed record ProblemChances(IReadOnlyDictionary<string, double>? ById, ChanceGap? Gap)
{
    // Room for another order of the same sums; a chance that anyone can tell apart differs by more.
    private const double SameChance = 1e-9;

    public static ProblemChances Of(
        IEnumerable<string> ids, IReadOnlyDictionary<string, double>? chances, IReadOnlyDictionary<string, double>? others = null)
    {
        var known = new Dictionary<string, double>(StringComparer.Ordinal);
        var (missing, different, first) = (0, 0, (string?)null);
        foreach (var id in ids)
        {
            if ((Find(chances, id) ?? Find(others, id)) is not { } chance)
            {
                missing++;
                first ??= id;
            }
            else if (Find(others, id) is { } other && Math.Abs(chance - other) > SameChance * Math.Max(chance, other))
            {
                different++;
                first ??= id;
            }
            else
            {
                known.Add(id, chance);
            }
        }
        if (first is null)
            return new ProblemChances(known, null);
        return new ProblemChances(null, known.Count + different > 0 ? new ChanceGap(missing, different, first) : null);
    }

    private static double? Find(IReadOnlyDictionary<string, double>? chances, string id) =>
        chances is not null && chances.TryGetValue(id, out var chance) ? chance : null;
}
