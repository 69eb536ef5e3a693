using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Estimation.Forecasting;

namespace PassAtK.Evaluation.Tests.Estimation.Forecasting;

public class SpreadAverageTests
{
    [Fact]
    public void A_logit_normal_is_as_likely_as_the_best_point_of_a_search_over_integrals_by_another_rule()
    {
        var problems = Draw(40, 20, random => -2 + (1.5 * Normal(random)), seed: 2);
        var context = new SpreadContext(new CountGroups(problems), [20]);
        var fit = SpreadAverage.Of(context).Shapes[2].Parameters;
        var best = LogLikelihood(fit[0], fit[1]);
        Assert.Equal(best, -new LogitNormals(context.Grid, context.Groups.Weights).At([fit[0], Math.Log(fit[1])], new double[2]), 1e-6);
        for (var mean = -4.0; mean <= 0; mean += 0.1)
        {
            for (var deviation = 0.3; deviation <= 4; deviation += 0.1)
                Assert.True(LogLikelihood(mean, deviation) <= best + 1e-6);
        }

        // Simpson's rule over the standard normal variable.
        double LogLikelihood(double mean, double deviation) => problems.CountBy(problem => problem.Correct).Sum(count =>
        {
            const int Steps = 400;
            var integral = 0.0;
            for (var i = 0; i <= Steps; i++)
            {
                var z = -8 + (16.0 * i / Steps);
                var p = 1 / (1 + Math.Exp(-mean - (deviation * z)));
                var weight = i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2;
                integral += weight * Math.Exp(-z * z / 2) * Math.Pow(p, count.Key) * Math.Pow(1 - p, 20 - count.Key);
            }
            return count.Value * Math.Log(integral * 16 / Steps / 3 / Math.Sqrt(2 * Math.PI));
        });
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void The_slopes_of_the_likelihood_are_its_differences(int size)
    {
        var groups = new CountGroups([.. Draw(30, 40, random => -1 + (2 * Normal(random)), seed: 3), new ProblemCounts("x", 300, 7)]);
        var likelihood = new LogitNormals(new LogitGrid(groups.Counts), groups.Weights);
        double[] at = [.. new[] { -3, 0.2, 0.4, -0.3, 0.7 }.Take(size)];
        var gradient = new double[size];
        likelihood.At(at, gradient);
        for (var i = 0; i < size; i++)
        {
            double[] above = [.. at], below = [.. at];
            (above[i], below[i]) = (at[i] + 1e-5, at[i] - 1e-5);
            var slope = (likelihood.At(above, new double[size]) - likelihood.At(below, new double[size])) / 2e-5;
            Assert.Equal(slope, gradient[i], 1e-5 * (1 + Math.Abs(slope)));
        }
    }

    [Theory]
    [InlineData(0, "beta")]
    [InlineData(1, "zeroInflatedBeta")]
    [InlineData(2, "logitNormal")]
    [InlineData(3, "twoLogitNormals")]
    public void With_many_problems_the_shape_that_they_were_drawn_from_weighs_most(int shape, string name)
    {
        Func<Random, double>[] draws =
        [
            random => Logit(Math.Pow(random.NextDouble(), 3)),
            random => random.NextDouble() < 0.3 ? double.NegativeInfinity : Logit(Math.Sqrt(random.NextDouble())),
            random => -3 + (2 * Normal(random)),
            random => random.NextDouble() < 0.5 ? Logit(0.01) : Logit(0.5),
        ];
        var fit = SpreadAverage.Of(new SpreadContext(new CountGroups(Draw(2_000, 64, draws[shape], seed: 4)), [64]));
        Assert.Equal(name, fit.Shapes[shape].Shape);
        Assert.InRange(fit.Weights[shape], 0.9, 1);
        Assert.Equal(1, fit.Weights.ToArray().Sum(), 1e-12);
    }

    [Fact]
    public void A_resample_is_fitted_as_if_its_problems_were_all_there_were()
    {
        var problems = Draw(80, 32, random => -1.5 + (1.5 * Normal(random)), seed: 6);
        var context = new SpreadContext(new CountGroups(problems), [32, 256]);
        var random = new Random(8);
        for (var repetition = 0; repetition < 5; repetition++)
        {
            var drawn = Enumerable.Range(0, 80).Select(_ => problems[random.Next(80)]).ToArray();
            var weights = context.Groups.Weigh([.. problems.Select(problem => (double)drawn.Count(problem.Equals))]);
            var actual = SpreadAverage.Of(context).Again(weights);
            var expected = SpreadAverage.Of(new SpreadContext(new CountGroups(drawn), [32, 256]));
            Assert.Equal(expected.Shapes[2].Parameters[0], actual.Shapes[2].Parameters[0], 5e-3);
            Assert.Equal(expected.Shapes[2].Parameters[1], actual.Shapes[2].Parameters[1], 5e-3);
            Assert.Equal(expected.Weights[2], actual.Weights[2], 0.02);
        }
    }

    private static ProblemCounts[] Draw(int problems, int samples, Func<Random, double> logit, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, problems).Select(i =>
        {
            var p = 1 / (1 + Math.Exp(-logit(random)));
            return new ProblemCounts($"p{i}", samples, Enumerable.Range(0, samples).Count(_ => random.NextDouble() < p));
        })];
    }

    private static double Logit(double p) => Math.Log(p / (1 - p));

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
