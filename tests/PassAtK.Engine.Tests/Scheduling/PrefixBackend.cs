using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Scheduling;

namespace PassAtK.Engine.Tests.Scheduling;

/// <summary>
/// A model whose logits are a hash of the whole prefix, read back from the KV blocks: a wrong block table, a missing copy or a write to
/// a shared block changes what is drawn. Its cache holds the tokens themselves.
/// </summary>
internal sealed class PrefixBackend(int blockCount, int maxRows, int vocabulary = 7, int maxPositions = 400) : IBackend
{
    private const int BlockSize = BlockTable.BlockSize;

    private readonly int[] _cache = [.. Enumerable.Repeat(-1, blockCount * BlockSize)];

    public ModelConfig Config { get; } = TinyConfig(vocabulary, maxPositions);

    public string Name => "prefix";

    public int BlockCount => blockCount;

    public int MaxRows => maxRows;

    /// <summary>Makes the logits of every prefix of this length NaN.</summary>
    public int? NotFiniteLength { get; init; }

    /// <summary>How strongly logits differ; small values make siblings part early.</summary>
    public double Sharpness { get; init; } = 4;

    public int LargestStep { get; private set; }

    public int PipelineDepth => 1;

    public void Collect()
    {
    }

    public void Submit(StepPlan plan)
    {
        Assert.InRange(plan.RowCount, 1, maxRows);
        LargestStep = Math.Max(LargestStep, plan.RowCount);
        var destinations = new HashSet<int>();
        foreach (var copy in plan.Copies)
        {
            Assert.True(destinations.Add(copy.Destination), "two copies into one block");
            Array.Copy(_cache, copy.Source * BlockSize, _cache, copy.Destination * BlockSize, BlockSize);
        }
        foreach (var copy in plan.Copies)
            Assert.DoesNotContain(copy.Source, destinations);

        var written = new HashSet<int>();
        foreach (var group in plan.Groups)
        {
            for (var row = 0; row < group.RowCount; row++)
            {
                var slot = Slot(group.Blocks, group.FirstPosition + row);
                Assert.True(written.Add(slot), "two rows write to one position of one block");
                _cache[slot] = plan.Tokens[group.FirstRow + row];
            }
        }
        foreach (var logits in plan.Logits)
            Draw(plan, logits);
    }

    /// <summary>The tokens of one sample drawn alone, from the definition: an independent reference for tree and scheduler.</summary>
    public int[] DrawAlone(SampleRequest request, int sample)
    {
        var prefix = new List<int>(request.Prompt);
        var key = Philox.ProblemKey(request.ProblemId);
        while (true)
        {
            var position = prefix.Count - request.Prompt.Length;
            var token = Draw(Logits([.. prefix]), Philox.Uniform(request.Seed, key, sample, position)).Token;
            prefix.Add(token);
            var ended = Config.EndOfSequenceTokens.Contains(token);
            if (ended || position + 1 == request.MaxTokens || prefix.Count >= Config.MaxPositions)
                return [.. prefix.Skip(request.Prompt.Length)];
        }
    }

    public void Dispose()
    {
    }

    private static int Slot(BlockTable blocks, int position) => (blocks[position / BlockSize] * BlockSize) + (position % BlockSize);

    private void Draw(StepPlan plan, LogitsRow logits)
    {
        var group = plan.Groups.ToArray().Single(g => logits.Row >= g.FirstRow && logits.Row < g.FirstRow + g.RowCount);
        var length = group.FirstPosition + logits.Row - group.FirstRow + 1;
        var prefix = new int[length];
        for (var position = 0; position < length; position++)
        {
            prefix[position] = _cache[Slot(group.Blocks, position)];
            Assert.True(prefix[position] >= 0, "a row reads a position that was never written");
        }
        for (var index = 0; index < logits.DrawCount; index++)
        {
            var slot = logits.FirstDraw + index;
            var uniform = Philox.Uniform(logits.Seed, logits.ProblemKey, plan.Samples[slot], logits.Position);
            plan.Draws[slot] = length == NotFiniteLength ? new TokenDraw(TokenDraw.NotFinite, 0, 0)
                : logits.Scores ? Of(Logits(prefix), plan.Samples[slot])
                : Draw(Logits(prefix), uniform);
        }
    }

    private double[] Logits(ReadOnlySpan<int> prefix)
    {
        var hash = 14695981039346656037ul;
        foreach (var token in prefix)
            hash = (hash ^ (uint)token) * 1099511628211ul;
        var logits = new double[vocabulary];
        for (var token = 0; token < vocabulary; token++)
        {
            var mixed = (hash ^ ((ulong)token * 0x9E3779B97F4A7C15ul)) * 0xD6E8FEB86659FD93ul;
            logits[token] = Sharpness * (mixed >> 40) / (1 << 24);
        }
        return logits;
    }

    private static TokenDraw Draw(double[] logits, double uniform)
    {
        var mass = logits.Sum(Math.Exp);
        var target = uniform * mass;
        var token = -1;
        do
        {
            target -= Math.Exp(logits[++token]);
        }
        while (target > 0 && token < logits.Length - 1);
        return Of(logits, token);
    }

    private static TokenDraw Of(double[] logits, int token)
    {
        var logprob = (float)(logits[token] - Math.Log(logits.Sum(Math.Exp)));
        return new TokenDraw(token, logprob, logprob);
    }

    private static ModelConfig TinyConfig(int vocabulary, int maxPositions) => new()
    {
        Architecture = "LlamaForCausalLM",
        VocabularySize = vocabulary,
        HiddenSize = 1,
        IntermediateSize = 1,
        LayerCount = 1,
        HeadCount = 1,
        KeyValueHeadCount = 1,
        HeadDimension = 2,
        MaxPositions = maxPositions,
        RmsNormEpsilon = 1e-5f,
        Rope = new RopeParameters { Theta = 10000 },
        EndOfSequenceTokens = [0, 1],
    };
}
