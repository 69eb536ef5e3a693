using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;

namespace PassAtK.Engine.Cpu;

/// <summary>
/// A model of the Llama family on the processor. Weights stay in their own type, everything else is F32, unless
/// <see cref="CpuBackendOptions.RoundActivations"/> says otherwise. Results depend on neither the instruction set, the threads nor the
/// batch, bit for bit.
/// </summary>
public sealed class CpuBackend : IBackend
{
    private readonly WorkerPool _pool;
    private readonly ModelWeights _weights;
    private readonly KeyValueCache _cache;
    private readonly RopeTable _rope;
    private readonly ForwardPass _forward;
    private readonly NucleusSampler[] _samplers;
    private readonly Action<int, int> _sampleBody;
    private StepPlan _plan = new();
    private readonly FedTokens _tokens;
    private int _firstLogits;
    private bool _isInFlight;

    /// <summary>Reads and packs all weights; <paramref name="weights"/> is not used afterwards.</summary>
    /// <exception cref="InputException">A tensor or an option is not as it should be.</exception>
    public CpuBackend(IWeightSource weights, CpuBackendOptions options)
    {
        options.Validate();
        InstructionSet = InstructionSets.Resolve(options.InstructionSet);
        Config = weights.Config;
        Name = options.RoundActivations ? "cpu bf16" : "cpu";
        MaxRows = options.MaxRows;
        _pool = new WorkerPool(options.Threads > 0 ? options.Threads : Environment.ProcessorCount);
        try
        {
            _weights = new ModelWeights(weights, _pool);
        }
        catch
        {
            _pool.Dispose();
            throw;
        }
        _cache = new KeyValueCache(Config, Blocks(options));
        _rope = new RopeTable(Config);
        _forward = new ForwardPass(Config, _weights, _cache, _rope, _pool, CpuKernels.Of(InstructionSet), MaxRows, options.RoundActivations);
        _samplers = new NucleusSampler[_pool.Workers];
        for (var i = 0; i < _samplers.Length; i++)
            _samplers[i] = new NucleusSampler(Config.VocabularySize);
        _sampleBody = Sample;
        _tokens = new FedTokens(Config.VocabularySize);
    }

    public ModelConfig Config { get; }

    public string Name { get; }

    /// <summary>What the kernels use; never <see cref="InstructionSet.Auto"/>.</summary>
    public InstructionSet InstructionSet { get; }

    public int Threads => _pool.Workers;

    public int BlockCount => _cache.BlockCount;

    public int MaxRows { get; }

    public int PipelineDepth => 1;

    /// <summary>Memory of the packed weights.</summary>
    public long WeightBytes => _weights.Size;

    /// <summary>Memory set aside for the KV cache; the system provides it as blocks are first written.</summary>
    public long KeyValueBytes => _cache.Size;

    /// <summary>Memory of activations, logits (at most 32 MiB, or one row) and tables.</summary>
    public long WorkspaceBytes => _forward.WorkspaceSize + _rope.Size;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The plan exceeds the backend's rows, positions, blocks or vocabulary.</exception>
    public void Submit(StepPlan plan)
    {
        if (_isInFlight)
            throw new InvalidOperationException("A step is in flight: collect it first.");
        Check(plan);
        _plan = plan;
        _forward.Run(plan, _tokens.Resolve(plan));
        for (_firstLogits = 0; _firstLogits < plan.Logits.Length; _firstLogits += _forward.LogitsRows)
        {
            var count = Math.Min(_forward.LogitsRows, plan.Logits.Length - _firstLogits);
            _forward.Logits(_firstLogits, count);
            _pool.Run(count, _sampleBody);
        }
        _tokens.Remember(plan.Draws);
        _isInFlight = true;
    }

    public void Collect()
    {
        if (!_isInFlight)
            throw new InvalidOperationException("No step is in flight.");
        _isInFlight = false;
    }

    /// <summary>Runs the step but draws nothing: copies the logits of `plan.Logits` to `logits`, `[plan.Logits, vocabulary]`.</summary>
    internal void ComputeLogits(StepPlan plan, Span<float> logits)
    {
        Check(plan);
        _forward.Run(plan, _tokens.Resolve(plan));
        for (var first = 0; first < plan.Logits.Length; first += _forward.LogitsRows)
        {
            var count = Math.Min(_forward.LogitsRows, plan.Logits.Length - first);
            _forward.Logits(first, count);
            for (var i = 0; i < count; i++)
                _forward.LogitsRow(i).CopyTo(logits.Slice((first + i) * Config.VocabularySize, Config.VocabularySize));
        }
    }

    public void Dispose()
    {
        _pool.Dispose();
        _forward.Dispose();
        _rope.Dispose();
        _cache.Dispose();
        _weights.Dispose();
    }

    private void Sample(int index, int worker)
    {
        var row = _plan.Logits[_firstLogits + index];
        _samplers[worker].Sample(
            _forward.LogitsRow(index), row, _plan.Samples.Slice(row.FirstDraw, row.DrawCount), _plan.Draws.Slice(row.FirstDraw, row.DrawCount));
    }

    private int Blocks(CpuBackendOptions options)
    {
        if (options.KeyValueBlocks > 0)
            return options.KeyValueBlocks;
        var bytes = options.KeyValueBytes > 0 ? options.KeyValueBytes : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;
        var blocks = bytes / KeyValueCache.BlockBytes(Config);
        return blocks > 0
            ? (int)Math.Min(blocks, int.MaxValue)
            : throw new InputException(
                $"KV cache bytes is {bytes}, expected at least {KeyValueCache.BlockBytes(Config)}, one block of this model.");
    }

    private void Check(StepPlan plan)
    {
        if (plan.RowCount > MaxRows)
            throw new ArgumentException($"The step has {plan.RowCount} rows, expected at most {MaxRows}.", nameof(plan));
        foreach (var logits in plan.Logits)
        {
            if ((uint)logits.Row >= (uint)plan.RowCount)
                throw new ArgumentException($"Logits are wanted of row {logits.Row}, expected 0 to {plan.RowCount - 1}.", nameof(plan));
            if (logits.Scores)
                CheckTargets(plan.Samples.Slice(logits.FirstDraw, logits.DrawCount));
        }
        foreach (var group in plan.Groups)
        {
            var positions = (long)group.FirstPosition + group.RowCount;
            if (group.FirstPosition < 0 || positions > Config.MaxPositions)
            {
                throw new ArgumentException(
                    $"Row {group.FirstRow} to row {group.FirstRow + group.RowCount - 1} end at position {positions - 1}, expected positions "
                    + $"below {Config.MaxPositions}.",
                    nameof(plan));
            }
            if ((long)group.Blocks.Count * BlockTable.BlockSize < positions)
            {
                throw new ArgumentException(
                    $"Row {group.FirstRow} has {group.Blocks.Count} blocks, expected enough for {positions} positions.", nameof(plan));
            }
            foreach (var block in group.Blocks.Blocks)
            {
                if ((uint)block >= (uint)BlockCount)
                    throw new ArgumentException($"Row {group.FirstRow} names block {block}, expected 0 to {BlockCount - 1}.", nameof(plan));
            }
        }
        foreach (var copy in plan.Copies)
        {
            if ((uint)copy.Source >= (uint)BlockCount || (uint)copy.Destination >= (uint)BlockCount)
            {
                throw new ArgumentException(
                    $"A copy goes from block {copy.Source} to block {copy.Destination}, expected 0 to {BlockCount - 1}.", nameof(plan));
            }
        }
        _tokens.Check(plan.Tokens);
    }

    private void CheckTargets(ReadOnlySpan<int> targets)
    {
        foreach (var target in targets)
        {
            if ((uint)target >= (uint)Config.VocabularySize)
                throw new ArgumentException($"A target is {target}, expected 0 to {Config.VocabularySize - 1}.", nameof(targets));
        }
    }
}
