using PassAtK.Evaluation.Storage;

namespace PassAtK.Evaluation.Auditing;

/// <summary>A sample that two graders judged differently, with the answers they read.</summary>
public sealed record Disagreement(
    string Problem, int Index, bool Correct, string? Extracted, bool AgainstCorrect, string? AgainstExtracted);

/// <summary>The audited grader beside another, over the samples that both judged.</summary>
/// <param name="Against">The other.</param>
/// <param name="Samples">Samples that both judged.</param>
/// <param name="BothCorrect">Correct for both.</param>
/// <param name="OnlyCorrect">Correct for the audited grader alone.</param>
/// <param name="OnlyAgainstCorrect">Correct for the other alone.</param>
/// <param name="BothWrong">Wrong for both.</param>
/// <param name="Share">Disagreements over samples.</param>
/// <param name="Problems">Problems with a disagreement.</param>
/// <param name="Examples">The first disagreement of each of the first problems.</param>
public sealed record GraderAgreement(
    GraderName Against, long Samples, long BothCorrect, long OnlyCorrect, long OnlyAgainstCorrect, long BothWrong, double? Share,
    int Problems, IReadOnlyList<Disagreement> Examples)
{
    internal static GraderAgreement Of(GraderName against, IEnumerable<VerdictPair> pairs, IReadOnlyList<string> ids, int mostExamples)
    {
        long bothCorrect = 0, onlyCorrect = 0, onlyAgainst = 0, bothWrong = 0;
        var (problems, last) = (0, -1);
        var examples = new List<Disagreement>();
        foreach (var pair in pairs)
        {
            if (pair.Correct == pair.AgainstCorrect)
            {
                bothCorrect += pair.Correct ? 1 : 0;
                bothWrong += pair.Correct ? 0 : 1;
                continue;
            }
            onlyCorrect += pair.Correct ? 1 : 0;
            onlyAgainst += pair.Correct ? 0 : 1;
            if (pair.Problem == last)
                continue;
            last = pair.Problem;
            problems++;
            if (examples.Count < mostExamples)
                examples.Add(new Disagreement(
                    ids[pair.Problem], pair.Index, pair.Correct, pair.Extracted, pair.AgainstCorrect, pair.AgainstExtracted));
        }
        var samples = bothCorrect + onlyCorrect + onlyAgainst + bothWrong;
        return new GraderAgreement(
            against, samples, bothCorrect, onlyCorrect, onlyAgainst, bothWrong,
            samples == 0 ? null : (double)(onlyCorrect + onlyAgainst) / samples, problems, examples);
    }
}
