using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public class SamplingEntropyTests
{
    [Fact]
    public void Every_problem_counts_the_same_however_many_tokens_it_drew()
    {
        var entropy = SamplingEntropy.Of([new("a", 2, 10, 5), new("b", 4, 1000, 100)])!;
        Assert.Equal((0.5 + 0.1) / 2, entropy.PerToken.Estimate, 15);
        Assert.Equal((2.5 + 25) / 2, entropy.PerSample.Estimate, 13);
        // Two problems: every weighing of them is possible.
        Assert.Equal(0.1, entropy.PerToken.Low, 1e-3);
        Assert.Equal(0.5, entropy.PerToken.High, 1e-3);
    }

    [Fact]
    public void Samples_of_known_distributions_give_their_entropy()
    {
        // 200 problems, each a distribution of its own over 8 tokens; a sample is 5 independent tokens.
        var random = new Random(3);
        double exact = 0;
        var problems = new List<ProblemSurprisal>();
        for (var problem = 0; problem < 200; problem++)
        {
            var weights = Enumerable.Range(0, 8).Select(_ => Math.Pow(random.NextDouble(), 3)).ToArray();
            var total = weights.Sum();
            exact -= weights.Sum(weight => weight / total * Math.Log(weight / total)) / 200;
            double nats = 0;
            for (var draw = 0; draw < 5 * 400; draw++)
                nats -= Math.Log(weights[Drawn(weights, random.NextDouble() * total)] / total);
            problems.Add(new ProblemSurprisal($"{problem}", 400, 5 * 400, nats));
        }
        var entropy = SamplingEntropy.Of(problems)!;
        Assert.InRange(entropy.PerToken.Estimate / exact, 0.995, 1.005);
        Assert.Equal(5 * entropy.PerToken.Estimate, entropy.PerSample.Estimate, 12);
        Assert.InRange(exact, entropy.PerToken.Low, entropy.PerToken.High);
    }

    [Fact]
    public void The_order_of_the_problems_changes_nothing()
    {
        var random = new Random(5);
        var problems = Enumerable.Range(0, 40).Select(i => new ProblemSurprisal($"{i}", 8, 80 + (i % 3), random.Next(5, 60))).ToArray();
        var entropy = SamplingEntropy.Of(problems);
        random.Shuffle(problems);
        Assert.Equal(entropy, SamplingEntropy.Of(problems));
    }

    [Fact]
    public void Sampling_that_is_certain_has_no_entropy() =>
        Assert.Equal(new MeanEstimate(0, 0, 0), SamplingEntropy.Of([new("a", 3, 12, 0), new("b", 3, 6, 0)])!.PerToken);

    [Fact]
    public void Without_problems_or_tokens_there_is_none()
    {
        Assert.Null(SamplingEntropy.Of([]));
        Assert.Null(SamplingEntropy.Of([new("a", 3, 12, 1), new("b", 3, 0, 0)]));
    }

    [Theory]
    [InlineData(-0.5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_surprisal_that_cannot_be_is_refused_with_its_problem(double nats)
    {
        var refusal = Assert.Throws<InputException>(() => SamplingEntropy.Of([new("a", 1, 1, 0.5), new("b", 1, 1, nats)]));
        Assert.StartsWith("problem 'b': the surprisal of its samples is", refusal.Message, StringComparison.Ordinal);
    }

    private static int Drawn(double[] weights, double at)
    {
        var token = 0;
        while (token < weights.Length - 1 && (at -= weights[token]) >= 0)
            token++;
        return token;
    }
}
