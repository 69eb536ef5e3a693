using System.Numerics;
using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public sealed class MajorityVoteTests
{
    [Fact]
    public void It_is_the_exact_mean_over_all_choices_of_k_samples()
    {
        var random = new Random(11);
        for (var round = 0; round < 40; round++)
        {
            var problem = Random(random, classes: random.Next(1, 5), most: 3);
            for (var k = 1; k <= problem.Samples; k++)
                Assert.Equal(ByChoices(problem, k), MajorityVote.Estimate(problem, k), 1e-12);
        }
    }

    [Fact]
    public void It_is_the_exact_mean_over_all_counts_that_a_choice_can_have_where_choices_are_too_many_to_list()
    {
        var random = new Random(12);
        for (var round = 0; round < 12; round++)
        {
            var problem = Random(random, classes: 3, most: 40);
            int[] some = [1, 2, 5, problem.Samples / 2, problem.Samples - 1, problem.Samples];
            foreach (var k in some.Where(k => k >= 1 && k <= problem.Samples))
                Assert.Equal(ByCounts(problem, k), MajorityVote.Estimate(problem, k), 1e-12);
        }
    }

    [Fact]
    public void One_vote_is_pass_at_1_and_so_are_two_where_every_sample_votes()
    {
        var random = new Random(13);
        for (var round = 0; round < 100; round++)
        {
            var problem = Random(random, classes: 20, most: 30);
            Assert.Equal((double)problem.Correct / problem.Samples, MajorityVote.Estimate(problem, 1), 1e-12);
            var voting = new ProblemAnswers("p", problem.Classes, 0);
            if (voting.Samples > 1)
                Assert.Equal((double)voting.Correct / voting.Samples, MajorityVote.Estimate(voting, 2), 1e-12);
        }
    }

    [Theory]
    [InlineData(1.0, 0, 5, 3)]
    [InlineData(0.5, 0, 4, 4)]
    [InlineData(0.0, 0, 4, 5)]
    [InlineData(1.0, 90, 1)]
    [InlineData(0.25, 7, 1, 1, 1, 1)]
    public void All_samples_elect_the_most_frequent_answer_and_share_ties(double expected, int silent, int correct, params int[] wrong) =>
        Assert.Equal(expected, MajorityVote.Estimate(Problem(silent, correct, wrong), silent + correct + wrong.Sum()), 1e-12);

    [Fact]
    public void Where_nobody_votes_the_outcome_is_wrong() =>
        // 3 of 4 samples are silent: of the six pairs, three hold the one vote.
        Assert.Equal(0.5, MajorityVote.Estimate(Problem(3, 1), 2), 1e-12);

    [Fact]
    public void Several_correct_answers_each_stand_for_themselves()
    {
        var problem = new ProblemAnswers("p", [new("a", 2, true), new("b", 2, true), new("c", 3, false)], 0);
        Assert.Equal(0, MajorityVote.Estimate(problem, 7), 1e-12);
        Assert.Equal(ByChoices(problem, 4), MajorityVote.Estimate(problem, 4), 1e-12);
    }

    [Fact]
    public void Thousands_of_samples_and_answers_keep_the_symmetry_of_a_tie()
    {
        var ones = Problem(0, 1, [.. Enumerable.Repeat(1, 1999)]);
        Assert.Equal(1.0 / 2000, MajorityVote.Estimate(ones, 1000), 1e-12);
        Assert.Equal(0.5, MajorityVote.Estimate(Problem(1000, 1500, 1500), 999), 1e-12);
        Assert.Equal(0.2, MajorityVote.Estimate(Problem(0, 200, 200, 200, 200, 200), 512), 1e-12);
    }

    [Theory]
    [InlineData(0, "k is 0, expected at least 1.")]
    [InlineData(4, "maj@4 needs at least 4 samples of each problem, found 3 of 'p'.")]
    public void A_k_outside_its_range_is_refused(int k, string message) =>
        Assert.Equal(message, Assert.Throws<InputException>(() => MajorityVote.Estimate(Problem(1, 1, 1), k)).Message);

    private static ProblemAnswers Problem(int silent, int correct, params int[] wrong) =>
        new("p", [new("right", correct, true), .. wrong.Select((count, at) => new AnswerClass($"wrong {at}", count, false))], silent);

    private static ProblemAnswers Random(Random random, int classes, int most)
    {
        var answers = Enumerable.Range(0, classes).Select(at => new AnswerClass($"{at}", random.Next(1, most + 1), random.Next(3) == 0));
        return new ProblemAnswers("p", [.. answers], random.Next(0, most));
    }

    /// <summary>Every subset of k samples, one by one.</summary>
    private static double ByChoices(ProblemAnswers problem, int k)
    {
        int[] samples =
        [
            .. Enumerable.Repeat(-1, problem.WithoutAnswer),
            .. problem.Classes.SelectMany((answer, at) => Enumerable.Repeat(at, answer.Samples)),
        ];
        var (sum, choices) = (0.0, 0);
        for (var subset = 0; subset < 1 << samples.Length; subset++)
        {
            if (BitOperations.PopCount((uint)subset) != k)
                continue;
            var votes = new int[problem.Classes.Count];
            for (var at = 0; at < samples.Length; at++)
            {
                if ((subset >> at & 1) == 1 && samples[at] >= 0)
                    votes[samples[at]]++;
            }
            choices++;
            sum += Outcome(problem, votes);
        }
        return sum / choices;
    }

    /// <summary>Every vector of counts, weighted by its number of choices: exact integers up to the last division.</summary>
    private static double ByCounts(ProblemAnswers problem, int k)
    {
        var sixths = BigInteger.Zero;
        Visit(0, k, BigInteger.One, new int[problem.Classes.Count]);
        // Shares are sixths at most with three answers.
        return (double)sixths / 6 / (double)Choose(problem.Samples, k);

        void Visit(int at, int left, BigInteger ways, int[] votes)
        {
            if (at == votes.Length)
            {
                if (left <= problem.WithoutAnswer)
                    sixths += ways * Choose(problem.WithoutAnswer, left) * (int)Math.Round(6 * Outcome(problem, votes));
                return;
            }
            for (votes[at] = 0; votes[at] <= Math.Min(left, problem.Classes[at].Samples); votes[at]++)
                Visit(at + 1, left - votes[at], ways * Choose(problem.Classes[at].Samples, votes[at]), votes);
            votes[at] = 0;
        }
    }

    private static double Outcome(ProblemAnswers problem, int[] votes)
    {
        var most = votes.Max();
        if (most == 0)
            return 0;
        var elected = Enumerable.Range(0, votes.Length).Where(at => votes[at] == most).ToArray();
        return (double)elected.Count(at => problem.Classes[at].Correct) / elected.Length;
    }

    private static BigInteger Choose(int n, int k)
    {
        var value = BigInteger.One;
        for (var i = 1; i <= k; i++)
            value = value * (n - k + i) / i;
        return value;
    }
}
