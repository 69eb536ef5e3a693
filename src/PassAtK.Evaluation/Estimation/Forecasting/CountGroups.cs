namespace PassAtK.Evaluation.Estimation.Forecasting;

/// <summary>The different (n, c) among problems: a fit works on these with weights, however many problems share them.</summary>
internal sealed class CountGroups
{
    private readonly int[] _groupOf;

    public CountGroups(IReadOnlyList<ProblemCounts> problems)
    {
        var indices = new Dictionary<(int, int), int>();
        _groupOf = new int[problems.Count];
        for (var i = 0; i < problems.Count; i++)
        {
            var key = (problems[i].Samples, problems[i].Correct);
            if (!indices.TryGetValue(key, out _groupOf[i]))
                indices.Add(key, _groupOf[i] = indices.Count);
        }
        Counts = [.. indices.Keys];
        Weights = new double[Counts.Count];
        foreach (var group in _groupOf)
            Weights[group]++;
    }

    public IReadOnlyList<(int Samples, int Correct)> Counts { get; }

    /// <summary>How many problems each group has.</summary>
    public double[] Weights { get; }

    /// <summary>The groups' weights where problem i has the weight <paramref name="problems"/>[i], scaled to add up to the problems.</summary>
    public double[] Weigh(ReadOnlySpan<double> problems)
    {
        var weights = new double[Weights.Length];
        var sum = 0.0;
        for (var i = 0; i < problems.Length; i++)
        {
            weights[_groupOf[i]] += problems[i];
            sum += problems[i];
        }
        for (var group = 0; group < weights.Length; group++)
            weights[group] *= problems.Length / sum;
        return weights;
    }
}
