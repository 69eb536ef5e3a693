using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Scheduling;

namespace PassAtK.Engine.Tests.Scheduling;

/// <summary>
/// A model whose logits are a hash of the whole prefix, read back from the KV blocks: a wrong block table, a missing copy or a write to
/// a shared block changes what is drawn. Its cache holds the tokens themselves, each with the hash of its prefix. Where it may have two
/// steps in flight it works as late as it can: when the next step is submitted, or only when its own is collected.
/// </summary>
internal sealed class PrefixBackend(int blockCount, int maxRows, int vocabulary = 7, int maxPositions = 400) : IBackend
{
    private const int BlockSize = BlockTable.BlockSize;

    private readonly (int Token, ulong Hash)[] _cache = [.. Enumerable.Repeat((-1, 0ul), blockCount * BlockSize)];
    private readonly Queue<SubmittedStep> _inFlight = [];
    private readonly Random _laziness = new(1);
    private SubmittedStep? _before;

    public ModelConfig Config { get; } = TinyConfig(vocabulary, maxPositions);

    public string Name => "prefix";

    public int BlockCount => blockCount;

    public int MaxRows => maxRows;

    /// <summary>Makes the logits of every prefix of this length NaN.</summary>
    public int? NotFiniteLength { get; init; }

    /// <summary>How strongly logits differ; small values make siblings part early.</summary>
    public double Sharpness { get; init; } = 4;

    public int LargestStep { get; private set; }

    public int PipelineDepth { get; init; } = 1;

    public int InFlight => _inFlight.Count;

    /// <summary>Most steps that were in flight at once.</summary>
    public int MostInFlight { get; private set; }

    /// <summary>Rows of a step that computed a prefix which another row of it computed too, below this length.</summary>
    public int RepeatedRows { get; private set; }

    public int RepeatedBelow { get; init; }

    /// <summary>What this backend allocated by itself, in bytes.</summary>
    public long Allocated { get; private set; }

    public void Submit(StepPlan plan)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        Take(plan);
        Allocated += GC.GetAllocatedBytesForCurrentThread() - allocated;
    }

    public void Collect()
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(_inFlight.TryDequeue(out var step), "no step is in flight");
        Run(step);
        step.Hand();
        Allocated += GC.GetAllocatedBytesForCurrentThread() - allocated;
    }

    /// <summary>The tokens of one sample drawn alone, from the definition: an independent reference for tree and scheduler.</summary>
    public int[] DrawAlone(SampleRequest request, int sample)
    {
        var prefix = new List<int>(request.Prompt);
        var key = Philox.ProblemKey(request.ProblemId);
        while (true)
        {
            var position = prefix.Count - request.Prompt.Length;
            var token = Draw(Logits([.. prefix]), request.Parameters, Philox.Uniform(request.Seed, key, sample, position)).Token;
            prefix.Add(token);
            var ended = Config.EndOfSequenceTokens.Contains(token);
            if (ended || position + 1 == request.MaxTokens || prefix.Count >= Config.MaxPositions)
                return [.. prefix.Skip(request.Prompt.Length)];
        }
    }

    public void Dispose()
    {
    }

    private static int Slot(int[] blocks, int position) => (blocks[position / BlockSize] * BlockSize) + (position % BlockSize);

    private static ulong Extend(ulong hash, int token) => (hash ^ (uint)token) * 1099511628211ul;

    private void Take(StepPlan plan)
    {
        Assert.InRange(plan.RowCount, 1, maxRows);
        Assert.True(_inFlight.Count < PipelineDepth, "too many steps in flight");
        Assert.DoesNotContain(_inFlight, step => step.Plan == plan);
        LargestStep = Math.Max(LargestStep, plan.RowCount);
        if (_inFlight.TryPeek(out var running) && _laziness.Next(2) == 0)
            Run(running);
        var submitted = new SubmittedStep(plan, _before);
        _inFlight.Enqueue(submitted);
        MostInFlight = Math.Max(MostInFlight, _inFlight.Count);
        _before = submitted;
    }

    private void Run(SubmittedStep step)
    {
        if (step.HasRun)
            return;
        step.HasRun = true;
        var destinations = new HashSet<int>();
        foreach (var copy in step.Copies)
        {
            Assert.True(destinations.Add(copy.Destination), "two copies into one block");
            Array.Copy(_cache, copy.Source * BlockSize, _cache, copy.Destination * BlockSize, BlockSize);
        }
        foreach (var copy in step.Copies)
            Assert.DoesNotContain(copy.Source, destinations);

        var written = new HashSet<int>();
        var prefixes = new HashSet<ulong>();
        foreach (var (group, blocks) in step.Groups)
        {
            for (var row = 0; row < group.RowCount; row++)
            {
                var position = group.FirstPosition + row;
                var slot = Slot(blocks, position);
                Assert.True(written.Add(slot), "two rows write to one position of one block");
                var token = step.TokenOf(group.FirstRow + row);
                var hash = Extend(position == 0 ? 0 : _cache[Slot(blocks, position - 1)].Hash, token);
                _cache[slot] = (token, hash);
                if (!prefixes.Add(hash) && position < RepeatedBelow)
                    RepeatedRows++;
            }
        }
        foreach (var logits in step.Logits)
            Draw(step, logits);
    }

    private void Draw(SubmittedStep step, LogitsRow logits)
    {
        var (group, blocks) = step.Groups.Single(g => logits.Row >= g.Group.FirstRow && logits.Row < g.Group.FirstRow + g.Group.RowCount);
        var length = group.FirstPosition + logits.Row - group.FirstRow + 1;
        var prefix = new int[length];
        var hash = 0ul;
        for (var position = 0; position < length; position++)
        {
            (prefix[position], var stored) = _cache[Slot(blocks, position)];
            Assert.True(prefix[position] >= 0, "a row reads a position that was never written");
            hash = Extend(hash, prefix[position]);
            Assert.True(hash == stored, "a row reads what belongs to another prefix");
        }
        for (var index = 0; index < logits.DrawCount; index++)
        {
            var slot = logits.FirstDraw + index;
            var sample = step.Samples[slot];
            step.Draws[slot] = length == NotFiniteLength ? new TokenDraw(TokenDraw.NotFinite, 0, 0)
                : logits.Scores ? Of(Logits(prefix), sample)
                : Draw(Logits(prefix), logits.Parameters, Philox.Uniform(logits.Seed, logits.ProblemKey, sample, logits.Position));
        }
    }

    private double[] Logits(ReadOnlySpan<int> prefix)
    {
        var hash = 14695981039346656037ul;
        foreach (var token in prefix)
            hash = Extend(hash, token);
        var logits = new double[vocabulary];
        for (var token = 0; token < vocabulary; token++)
        {
            var mixed = (hash ^ ((ulong)token * 0x9E3779B97F4A7C15ul)) * 0xD6E8FEB86659FD93ul;
            logits[token] = Sharpness * (mixed >> 40) / (1 << 24);
        }
        return logits;
    }

    private static TokenDraw Draw(double[] logits, SamplingParameters parameters, double uniform)
    {
        if (parameters.Temperature == 0)
            return Of(logits, Array.IndexOf(logits, logits.Max()));
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
