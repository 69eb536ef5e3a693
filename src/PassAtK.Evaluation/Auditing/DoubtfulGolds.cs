using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Evaluation.Auditing;

/// <summary>A problem whose samples agree on an answer that the gold contradicts.</summary>
/// <param name="Problem">The problem's id.</param>
/// <param name="Gold">Its gold, cut where it is long.</param>
/// <param name="Majority">The answer they agree on.</param>
/// <param name="Votes">How many samples gave it.</param>
/// <param name="Voters">How many gave any answer.</param>
/// <param name="GoldVotes">How many are correct by the gold.</param>
/// <param name="Share">Votes over voters, with its Clopper-Pearson interval.</param>
public sealed record DoubtfulGold(string Problem, string Gold, string Majority, int Votes, int Voters, int GoldVotes, ShareEstimate Share);

/// <summary>
/// Problems whose gold looks wrong: the most frequent answer is judged wrong, and the lower Clopper-Pearson limit of its share of the
/// samples that gave an answer is above one half. A model that errs in the same way again and again looks just like this.
/// </summary>
/// <param name="Confidence">Of the limits, two-sided.</param>
/// <param name="Count">How many problems.</param>
/// <param name="Problems">Those problems, the most certain first, in task order where they are as certain.</param>
public sealed record DoubtfulGolds(double Confidence, int Count, IReadOnlyList<DoubtfulGold> Problems)
{
    private const double Level = 0.95;
    private const int LongestGold = 200;

    internal static DoubtfulGolds Of(IEnumerable<ProblemAnswers> problems, IReadOnlyDictionary<string, PreparedProblem> byId)
    {
        DoubtfulGold[] doubtful =
        [
            .. problems.Select(answers => Of(answers, byId[answers.Id].Problem.Gold)).OfType<DoubtfulGold>()
                .OrderByDescending(gold => gold.Share.Low),
        ];
        return new DoubtfulGolds(Level, doubtful.Length, doubtful);
    }

    private static DoubtfulGold? Of(ProblemAnswers answers, string gold)
    {
        var voters = answers.Samples - answers.WithoutAnswer;
        if (voters == 0 || answers.Classes[0] is not { Correct: false } majority || 2 * majority.Samples <= voters)
            return null;
        var (low, high) = ClopperPearson.Interval(majority.Samples, voters, Level);
        if (low <= 0.5)
            return null;
        var share = new ShareEstimate((double)majority.Samples / voters, low, high);
        var shown = gold.Length <= LongestGold ? gold : $"...{gold[^LongestGold..]}";
        return new DoubtfulGold(answers.Id, shown, majority.Key, majority.Samples, voters, answers.Correct, share);
    }
}
