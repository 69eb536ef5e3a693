using System.Globalization;
using System.Text;

namespace PassAtK.Evaluation.Reports;

/// <summary>
/// The problems of an unfinished run that do not count: samples without a verdict are never counted as wrong, so their problem is left out
/// as a whole.
/// </summary>
/// <param name="Unfinished">Problems of which some samples are not drawn yet.</param>
/// <param name="PartlyGraded">Problems of which all samples are drawn and only some have a verdict.</param>
/// <param name="Ungraded">Problems without a graded sample.</param>
/// <param name="OfProblems">All problems of the run, those that count included.</param>
public sealed record LeftOut(int Unfinished, int PartlyGraded, int Ungraded, int OfProblems)
{
    /// <summary>Null where nothing is left out.</summary>
    public static LeftOut? Of(int unfinished, int partlyGraded, int ungraded, int ofProblems) =>
        unfinished + partlyGraded + ungraded == 0 ? null : new LeftOut(unfinished, partlyGraded, ungraded, ofProblems);

    /// <summary>How many problems do not count.</summary>
    internal int Problems => Unfinished + PartlyGraded + Ungraded;

    /// <summary>"3 not fully sampled, 176 without a graded sample".</summary>
    internal string Why => string.Join(", ", new (int Count, string What)[]
    {
        (Unfinished, "not fully sampled"), (PartlyGraded, "not fully graded"), (Ungraded, "without a graded sample"),
    }.Where(reason => reason.Count > 0).Select(reason => string.Create(CultureInfo.InvariantCulture, $"{reason.Count} {reason.What}")));

    /// <summary>What a table says of an unfinished run; nothing of others.</summary>
    internal static void Append(StringBuilder text, string run, LeftOut? leftOut)
    {
        if (leftOut is null)
            return;
        text.Append(CultureInfo.InvariantCulture,
            $"{run} is not finished: {leftOut.Problems} of its {Figures.Plural(leftOut.OfProblems, "problem")} left out,\n");
        text.Append(CultureInfo.InvariantCulture, $"  {leftOut.Why};\n");
        text.Append("  what finishes first is no random subset; run its command again to finish it\n");
    }
}
