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
        Weights = new int[Counts.Count];
        foreach (var group in _groupOf)
            Weights[group]++;
    }

    public IReadOnlyList<(int Samples, int Correct)> Counts { get; }

    /// <summary>How many problems each group has.</summary>
    public int[] Weights { get; }

    /// <summary>The groups' weights where problem i counts <paramref name="times"/>[i] times.</summary>
    public void Weigh(ReadOnlySpan<int> times, Span<int> weights)
    {
        weights.Clear();
        for (var i = 0; i < times.Length; i++)
            weights[_groupOf[i]] += times[i];
    }
}
