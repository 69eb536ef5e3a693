using System.Text.Json;
using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cpu;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Scheduling;
using PassAtK.Engine.Tests.Backends;
using PassAtK.Engine.Tokenization;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Cuda;

/// <summary>The shipped pair, end to end through the engine, on CUDA and on the CPU.</summary>
public class CountdownTests
{
    private const int Samples = 10;

    private static readonly string[] Prompts = [.. File.ReadLines(InModels("countdown_problems.jsonl")).Take(2).Select(PromptOf)];

    [Theory]
    [InlineData("countdown-base")]
    [InlineData("countdown-rl")]
    public void Logits_on_real_prompts_are_the_CPUs_within_rounding(string name)
    {
        using var checkpoint = Checkpoint.Open(InModels(name));
        var tokenizer = Tokenizer.Load(InModels(name));
        using var cuda = new BackendRun(CudaUnderTest.Start(checkpoint, blocks: 32));
        using var cpu = new BackendRun(new CpuBackend(checkpoint, new CpuBackendOptions { KeyValueBlocks = 32, Threads = 1 }));
        foreach (var prompt in Prompts)
        {
            var tokens = tokenizer.Encode(prompt + "11-6=5,11*5=55,", addSpecialTokens: true);
            var expected = cpu.Run(tokens, 0, cpu.Table(tokens.Length), 64);
            var actual = cuda.Run(tokens, 0, cuda.Table(tokens.Length), 64);
            for (var row = 0; row < expected.Length; row++)
            {
                // Where most of 22 tokens are impossible, their logits are large and their errors with them.
                var largest = expected[row].Max(Math.Abs);
                Assert.All(expected[row].Zip(actual[row]), pair => Assert.Equal(pair.First, pair.Second, 0.03 * largest));
            }
        }
    }

    [Theory]
    [InlineData("countdown-base", 1f, 1f)]
    [InlineData("countdown-rl", 0.6f, 0.95f)]
    public void Samples_depend_on_neither_sharing_nor_batch_and_most_are_the_CPUs(string name, float temperature, float topP)
    {
        using var checkpoint = Checkpoint.Open(InModels(name));
        var tokenizer = Tokenizer.Load(InModels(name));
        var parameters = new SamplingParameters { Temperature = temperature, TopP = topP };
        using var cuda = CudaUnderTest.Start(checkpoint, blocks: 400, maxRows: 256);
        var expected = Draw(cuda, new EngineOptions());
        Assert.Equal(Prompts.Length * Samples, expected.Count);
        AssertSame(expected, Draw(cuda, new EngineOptions { Share = false }));
        // Few rows at a time, and too few blocks: branches are preempted and computed again.
        using (var small = CudaUnderTest.Start(checkpoint, blocks: 14, maxRows: 7))
            AssertSame(expected, Draw(small, new EngineOptions()));

        using var cpu = new CpuBackend(checkpoint, new CpuBackendOptions { KeyValueBlocks = 400, Threads = 1 });
        var reference = Draw(cpu, new EngineOptions());
        var same = expected.Count(pair => pair.Value.Tokens.AsSpan().SequenceEqual(reference[pair.Key].Tokens));
        // A draw differs where the random number falls between the two backends' running sums: less than 1% of 25 draws each.
        Assert.InRange(same, 0.7 * expected.Count, expected.Count);
        var firsts = expected.Count(pair => pair.Value.Tokens[0] == reference[pair.Key].Tokens[0]);
        Assert.InRange(firsts, 0.95 * expected.Count, expected.Count);

        Dictionary<(string, int), Completion> Draw(IBackend backend, EngineOptions options)
        {
            var completions = new Dictionary<(string, int), Completion>();
            new SamplingEngine(backend, tokenizer, options).Run(
                Prompts.Select((prompt, index) => new SampleRequest
                {
                    ProblemId = $"countdown-{index}",
                    Prompt = tokenizer.Encode(prompt, addSpecialTokens: true),
                    Parameters = parameters,
                    Seed = 17,
                    MaxTokens = 40,
                    Samples = [.. Enumerable.Range(0, Samples)],
                }),
                completion => completions.Add((completion.ProblemId, completion.Sample), completion),
                TestContext.Current.CancellationToken);
            return completions;
        }
    }

    private static void AssertSame(Dictionary<(string, int), Completion> expected, Dictionary<(string, int), Completion> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        foreach (var (key, completion) in expected)
        {
            Assert.Equal(completion.Tokens, actual[key].Tokens);
            Assert.Equal(completion.Logprobs, actual[key].Logprobs);
            Assert.Equal(completion.FilteredLogprobs, actual[key].FilteredLogprobs);
        }
    }

    private static string PromptOf(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty("prompt").GetString()!;
    }

    private static string InModels(string name) => RepositoryPaths.InRepository("models", name);
}
