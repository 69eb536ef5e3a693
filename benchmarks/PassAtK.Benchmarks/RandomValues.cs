namespace PassAtK.Benchmarks;

/// <summary>Inputs of benchmarks: the same for the same seed.</summary>
internal static class RandomValues
{
    /// <summary>Uniform in [-1, 1).</summary>
    public static float[] Uniform(long count, int seed)
    {
        var random = new Random(seed);
        var values = new float[count];
        foreach (ref var value in values.AsSpan())
            value = (2 * random.NextSingle()) - 1;
        return values;
    }

    /// <summary>A row of logits as models make them: normal, a few far ahead.</summary>
    public static float[] Logits(int vocabulary, int seed)
    {
        var random = new Random(seed);
        var logits = new float[vocabulary];
        foreach (ref var logit in logits.AsSpan())
            logit = (float)(2 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        for (var ahead = 0; ahead < 20; ahead++)
            logits[random.Next(vocabulary)] += 8 * random.NextSingle();
        return logits;
    }
}
