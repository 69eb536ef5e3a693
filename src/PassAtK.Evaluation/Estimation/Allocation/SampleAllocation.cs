using PassAtK.Evaluation.Estimation.Forecasting;

namespace PassAtK.Evaluation.Estimation.Allocation;

/// <summary>
/// How many samples each problem gets after the pilot: step by step those problems that lower the expected variance of mean pass@K most for
/// a sample, until the interval is expected to be as narrow as wanted. A function of the pilot's counts alone.
/// Source of the rule: Neyman, "On the two different aspects of the representative method", 1934; expectations are over each problem's
/// posterior under the (zero-inflated) beta spread fitted to the pilot.
/// </summary>
/// <param name="Counted">Samples of each problem after the pilot, in the order of its counts.</param>
/// <param name="ExpectedWidth">Width of the interval that these are expected to give.</param>
/// <param name="Uniform">Samples of each problem, without a pilot, at which a uniform run is expected to be as narrow.</param>
public sealed record SampleAllocation(IReadOnlyList<int> Counted, double ExpectedWidth, int Uniform)
{
    // What the samples will show scatters about what the pilot lets expect: aim a little below the target.
    private const double Aim = 0.95;

    // Steps of an eighth keep the search short and the sizes within 6% of the best.
    private const int StepsPerDoubling = 8;

    /// <param name="design">Target and limits.</param>
    /// <param name="pilotCorrect">Correct samples of each problem among the pilot's.</param>
    /// <exception cref="PassAtK.Engine.InputException">A value of the design is outside its range.</exception>
    public static SampleAllocation Of(AdaptiveDesign design, IReadOnlyList<int> pilotCorrect)
    {
        design.Validate();
        var groups = Groups(design, pilotCorrect);
        var sizes = groups.Keys.ToDictionary(correct => correct, _ => design.FewestCounted);
        var target = Math.Pow(Aim * design.TargetWidth * pilotCorrect.Count / SamplingInterval.WidthOfDeviation, 2);
        var variance = Spend(design, groups, sizes, target);
        return new SampleAllocation(
            [.. pilotCorrect.Select(correct => sizes[correct])],
            SamplingInterval.WidthOfDeviation * Math.Sqrt(variance) / pilotCorrect.Count,
            UniformSamples(design, groups.Values, variance));
    }

    private static SortedDictionary<int, PilotGroup> Groups(AdaptiveDesign design, IReadOnlyList<int> pilotCorrect)
    {
        var spread = Spread(design.Pilot, pilotCorrect);
        return new SortedDictionary<int, PilotGroup>(pilotCorrect.GroupBy(correct => correct).ToDictionary(
            group => group.Key,
            group => new PilotGroup(group.Count(), spread.Posterior(design.Pilot, group.Key), design.K)));
    }

    private static ZeroInflatedBeta Spread(int pilot, IReadOnlyList<int> pilotCorrect)
    {
        // A pilot that shows nothing of the spread (none correct, one problem, one sample each) leaves Jeffreys' prior.
        if (pilotCorrect.Count < 2 || pilot < 2 || pilotCorrect.All(correct => correct == 0))
            return new ZeroInflatedBeta(0.5, 0.5, 0);
        var fit = SpreadFit.Of(new CountGroups(
            [.. pilotCorrect.Order().Select((correct, i) => new ProblemCounts($"{i}", pilot, correct))])).Model;
        // Rounded, so that the last bits of a machine's logarithms decide nothing.
        return new ZeroInflatedBeta(Round(fit.Alpha), Round(fit.Beta), Math.Round(fit.AtZero, 4));

        static double Round(double value) => Math.Exp(Math.Round(Math.Log(value), 3));
    }

    /// <summary>Raises sizes until the variance of the sum of estimates is at most the target; returns what it is then.</summary>
    private static double Spend(
        AdaptiveDesign design, SortedDictionary<int, PilotGroup> groups, Dictionary<int, int> sizes, double target)
    {
        var most = design.MostSamples - design.Pilot;
        var steps = new PriorityQueue<int, double>();
        var variance = groups.Sum(group => group.Value.Variance(sizes[group.Key]));
        foreach (var correct in groups.Keys)
            Offer(correct);
        while (variance > target && steps.TryDequeue(out var correct, out _))
        {
            var next = Next(sizes[correct]);
            variance -= groups[correct].Variance(sizes[correct]) - groups[correct].Variance(next);
            sizes[correct] = next;
            Offer(correct);
        }
        return groups.Sum(group => group.Value.Variance(sizes[group.Key]));

        int Next(int size) => (int)Math.Min(size + (long)Math.Max(1, size / StepsPerDoubling), most);

        void Offer(int correct)
        {
            var (size, next) = (sizes[correct], Next(sizes[correct]));
            if (next == size)
                return;
            var gain = groups[correct].Variance(size) - groups[correct].Variance(next);
            steps.Enqueue(correct, -gain / ((double)(next - size) * groups[correct].Problems));
        }
    }

    // By bisection: the variance falls with n.
    private static int UniformSamples(AdaptiveDesign design, IReadOnlyCollection<PilotGroup> groups, double variance)
    {
        var (below, enough) = (design.FewestCounted - 1, design.MostSamples);
        while (enough - below > 1)
        {
            var middle = below + ((enough - below) / 2);
            if (groups.Sum(group => group.Variance(middle)) <= variance)
                enough = middle;
            else
                below = middle;
        }
        return enough;
    }
}
