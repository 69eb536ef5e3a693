using BenchmarkDotNet.Attributes;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Benchmarks;

/// <summary>pass@k of one problem by the estimator and by the product of its definition, and a whole curve with its bootstrap. Items are estimates.</summary>
public class EstimatorBenchmark : IHasWork
{
    private ProblemCounts[] _problems = [];

    [Params(256, 4096)]
    public int Samples { get; set; }

    Work IHasWork.Work => new(1);

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        _problems = [.. Enumerable.Range(0, 240).Select(problem => new ProblemCounts($"p{problem}", Samples, random.Next(Samples / 4)))];
    }

    [Benchmark]
    public double Estimate() => PassAtKEstimator.Estimate(Samples, Samples / 5, Samples / 4);

    [Benchmark(Baseline = true)]
    public double Product()
    {
        var (correct, k) = (Samples / 5, Samples / 4);
        var unsolved = 1.0;
        for (var i = Samples - correct + 1; i <= Samples; i++)
            unsolved *= 1 - ((double)k / i);
        return 1 - unsolved;
    }

    [Benchmark]
    public PassAtKCurve CurveOf240Problems() => PassAtKCurve.Of(_problems, BootstrapSettings.Default with { Threads = 1 });
}
