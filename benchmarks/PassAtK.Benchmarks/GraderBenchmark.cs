using BenchmarkDotNet.Attributes;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Tasks;

namespace PassAtK.Benchmarks;

/// <summary>One correct answer graded, extraction and comparison; `exact` is the baseline. Items are gradings.</summary>
public class GraderBenchmark : IHasWork
{
    private static readonly Dictionary<string, (string Gold, string Answer)> Cases = new()
    {
        ["exact"] = ("84", "84"),
        ["countdown"] = ("""{"numbers":[4,8,5,16,11],"target":84}""", "11-8=3,4+3=7,16-5=11,7+11=18"),
        ["gsm8k"] = ("#### 1,234", "She sells 1000 and then 234 more, so she sells 1000 + 234 = 1234 in all.\n#### 1234"),
        ["math"] = (@"\frac{3\sqrt{2}}{4}", @"So the distance is $\boxed{\frac{3}{2\sqrt{2}}}$."),
    };

    private IGrader _grader = null!;
    private Problem _problem = null!;
    private string _answer = "";

    [ParamsSource(nameof(Names))]
    public string Grader { get; set; } = "exact";

    public static IEnumerable<string> Names => Cases.Keys;

    Work IHasWork.Work => new(1);

    [GlobalSetup]
    public void Setup()
    {
        (var gold, _answer) = Cases[Grader];
        _grader = Graders.Get(Grader);
        _problem = new Problem { Id = "one", Prompt = "", Gold = gold, Raw = "{}" };
    }

    [GlobalCleanup]
    public void Cleanup() => _grader.Dispose();

    [Benchmark]
    public Verdict Grade() => _grader.Grade(_problem, _answer);
}
