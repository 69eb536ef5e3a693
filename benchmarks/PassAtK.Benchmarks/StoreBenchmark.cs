using System.Text.Json;
using BenchmarkDotNet.Attributes;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Scheduling;
using PassAtK.Evaluation.Storage;
using PassAtK.Evaluation.Tasks;

namespace PassAtK.Benchmarks;

/// <summary>A transaction of 256 samples of `Tokens` tokens, as a run stores them; against lines of JSON flushed to disk. Items are samples.</summary>
public class StoreBenchmark : IHasWork
{
    private const int Batch = 256;

    private string _folder = "";
    private RunStore _store = null!;
    private FileStream _lines = null!;
    private Completion[] _samples = [];
    private int _next;

    [Params(32, 1024)]
    public int Tokens { get; set; }

    Work IHasWork.Work => new(Batch, Batch * (double)Tokens * 3 * sizeof(int));

    [GlobalSetup]
    public void Setup()
    {
        _folder = Directory.CreateTempSubdirectory("passatk-benchmark-").FullName;
        PreparedProblem[] problems = [new(new Problem { Id = "p", Prompt = "", Gold = "", Raw = "{}" }, "", [1])];
        _store = RunStore.CreateOrOpen(
            Path.Combine(_folder, "run.passatk"),
            new RunSettings
            {
                ModelPath = "",
                ModelFingerprint = "",
                TaskName = "jsonl",
                TaskSpec = "",
                TaskDigest = TaskDigest.Of(problems.Select(problem => problem.Problem)),
                TemplateFingerprint = "",
                TemplateMode = "plain",
                Sampling = new SamplingParameters(),
                MaxTokens = Tokens,
                Stop = [],
                Seed = 0,
                Backend = "cpu",
                ProductVersion = "0",
            },
            problems);
        _lines = new FileStream(Path.Combine(_folder, "samples.jsonl"), FileMode.CreateNew);
        var random = new Random(1);
        _samples = [.. Enumerable.Range(0, Batch).Select(sample => new Completion(
            "p", sample, [.. Enumerable.Range(0, Tokens).Select(_ => random.Next(50_000))], RandomValues.Uniform(Tokens, sample),
            RandomValues.Uniform(Tokens, -sample), new string('x', 3 * Tokens), FinishReason.Stop))];
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _lines.Dispose();
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark]
    public void RunStoreTransaction() => _store.Write(() =>
    {
        foreach (var sample in _samples)
            _store.AddSample(0, sample with { Sample = _next++ });
    });

    [Benchmark(Baseline = true)]
    public void JsonLines()
    {
        foreach (var sample in _samples)
        {
            JsonSerializer.Serialize(_lines, new { sample.Sample, sample.Tokens, sample.Logprobs, sample.FilteredLogprobs, sample.Text });
            _lines.WriteByte((byte)'\n');
        }
        _lines.Flush(flushToDisk: true);
    }
}
