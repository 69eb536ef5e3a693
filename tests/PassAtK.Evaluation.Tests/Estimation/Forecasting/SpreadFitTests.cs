using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Estimation.Forecasting;

namespace PassAtK.Evaluation.Tests.Estimation.Forecasting;

/// <summary>The golden values come from a program of its own: likelihoods as sums of logs, maximised by the simplex method.</summary>
public class SpreadFitTests
{
    [Fact]
    public void A_plain_beta_binomial_is_fitted_as_an_independent_program_fits_it()
    {
        var fit = SpreadFit.Of(new CountGroups(PairedRuns.Base));
        Assert.Equal(0.69670103, fit.Model.Alpha, 1e-4);
        Assert.Equal(6.87066044, fit.Model.Beta, 1e-3);
        Assert.Equal(0, fit.Model.AtZero);
        // Nothing at 0 is gained, so the criterion holds the price of the parameter alone.
        Assert.Equal(Math.Log(100), fit.BicOfZeros, 1e-3);
    }

    [Fact]
    public void A_share_of_hopeless_problems_is_found_as_an_independent_program_finds_it()
    {
        var fit = SpreadFit.Of(new CountGroups(PairedRuns.Other));
        Assert.Equal(0.58138757, fit.Model.Alpha, 1e-3);
        Assert.Equal(0.82059665, fit.Model.Beta, 1e-3);
        Assert.Equal(0.37713715, fit.Model.AtZero, 1e-3);
        Assert.Equal(-15.95283710, fit.BicOfZeros, 1e-4);
    }

    [Fact]
    public void No_neighbour_of_a_fit_is_likelier_and_problems_may_differ_in_samples()
    {
        var random = new Random(3);
        for (var repetition = 0; repetition < 20; repetition++)
        {
            var hopeless = 0.3 * random.NextDouble();
            var problems = Enumerable.Range(0, 60).Select(i =>
            {
                var (samples, p) = (random.Next(2, 50), random.NextDouble() < hopeless ? 0 : Math.Pow(random.NextDouble(), 2));
                return new ProblemCounts($"p{i}", samples, Enumerable.Range(0, samples).Count(_ => random.NextDouble() < p));
            }).ToArray();
            var model = SpreadFit.Of(new CountGroups(problems)).Model;
            var best = LogLikelihood(problems, model);
            for (var neighbour = 0; neighbour < 50; neighbour++)
            {
                double Step() => Math.Exp(0.1 * (random.NextDouble() - 0.5));
                var near = new ZeroInflatedBeta(
                    model.Alpha * Step(), model.Beta * Step(), model.AtZero > 0 ? Math.Min(model.AtZero * Step(), 0.999) : 0);
                Assert.True(LogLikelihood(problems, near) <= best + 1e-6);
            }
        }
    }

    [Fact]
    public void A_resample_is_fitted_as_if_its_problems_were_all_there_were()
    {
        var groups = new CountGroups(PairedRuns.Other);
        var random = new Random(4);
        for (var repetition = 0; repetition < 10; repetition++)
        {
            var drawn = Enumerable.Range(0, 100).Select(i => PairedRuns.Other[random.Next(100)] with { Id = $"p{i}" }).ToArray();
            var weights = new double[groups.Counts.Count];
            foreach (var problem in drawn)
                weights[groups.Counts.Index().Single(group => group.Item == (problem.Samples, problem.Correct)).Index]++;

            var expected = SpreadFit.Of(new CountGroups(drawn));
            var actual = SpreadFit.Of(groups).Again(groups, weights);

            Assert.Equal(expected.BicOfZeros, actual.BicOfZeros, 1e-4);
            Assert.Equal(expected.Model.Alpha, actual.Model.Alpha, 1e-3 * expected.Model.Alpha);
            Assert.Equal(expected.Model.Beta, actual.Model.Beta, 1e-3 * expected.Model.Beta);
            Assert.Equal(expected.Model.AtZero, actual.Model.AtZero, 1e-3);
        }
    }

    [Fact]
    public void A_fit_is_as_likely_as_the_best_point_of_a_search_over_a_grid_also_where_it_begins_at_that_of_other_problems()
    {
        var random = new Random(9);
        for (var repetition = 0; repetition < 6; repetition++)
        {
            // Few problems, many of them unsolved: likelihoods with two maxima.
            var problems = Enumerable.Range(0, 24).Select(i =>
            {
                var p = random.NextDouble() < 0.15 * repetition ? 0 : Math.Pow(random.NextDouble(), 1 + repetition);
                return new ProblemCounts($"p{i}", 16, i == 0 ? 3 : Enumerable.Range(0, 16).Count(_ => random.NextDouble() < p));
            }).ToArray();
            var groups = new CountGroups(problems);
            var fit = SpreadFit.Of(groups);
            AssertLargest(problems, fit);

            var drawn = Enumerable.Range(0, 24).Select(i => problems[i == 0 ? 0 : random.Next(24)]).ToArray();
            AssertLargest(drawn, fit.Again(groups, groups.Weigh([.. problems.Select(problem => (double)drawn.Count(problem.Equals))])));
        }

        static void AssertLargest(ProblemCounts[] problems, SpreadFit fit)
        {
            var (plain, inflated) = (LogLikelihood(problems, fit.Plain), LogLikelihood(problems, fit.Inflated));
            for (var alpha = -6.0; alpha <= 5; alpha += 0.25)
            {
                for (var beta = -4.0; beta <= 8; beta += 0.25)
                {
                    foreach (var atZero in (double[])[0, 0.02, 0.1, 0.25, 0.4, 0.55, 0.7, 0.85])
                    {
                        var log = LogLikelihood(problems, new ZeroInflatedBeta(Math.Exp(alpha), Math.Exp(beta), atZero));
                        Assert.True(log <= (atZero == 0 ? plain : inflated) + 1e-5, $"{alpha} {beta} {atZero}: {log} {plain} {inflated}");
                    }
                }
            }
        }
    }

    [Fact]
    public void Problems_that_are_all_alike_get_a_spread_without_width()
    {
        var model = SpreadFit.Of(new CountGroups(PairedRuns.Of(10, 3, 3, 3, 3, 3, 3))).Model;
        Assert.Equal(0.3, model.Alpha / (model.Alpha + model.Beta), 1e-3);
        Assert.InRange(model.Alpha, 1e3, double.MaxValue);
    }

    [Theory]
    [InlineData("one problem", 8, 3)]
    [InlineData("no sample of any problem is correct", 8, 0, 0, 0)]
    [InlineData("one sample", 1, 0, 1, 1)]
    public void Counts_that_tell_nothing_of_the_spread_are_refused(string reason, int samples, params int[] correct)
    {
        var error = Assert.Throws<InputException>(() => SpreadFit.Of(new CountGroups(PairedRuns.Of(samples, correct))));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static double LogLikelihood(ProblemCounts[] problems, ZeroInflatedBeta model) => problems.CountBy(problem => problem).Sum(many =>
    {
        var problem = many.Key;
        var log = 0.0;
        for (var j = 0; j < problem.Samples; j++)
        {
            log += Math.Log(j < problem.Correct ? model.Alpha + j : model.Beta + j - problem.Correct);
            log -= Math.Log(model.Alpha + model.Beta + j);
        }
        return many.Value * Math.Log((problem.Correct == 0 ? model.AtZero : 0) + ((1 - model.AtZero) * Math.Exp(log)));
    });
}
