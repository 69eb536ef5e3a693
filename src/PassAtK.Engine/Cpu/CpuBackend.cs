using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Tracing;

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
    private readonly TraceTrack? _track;
    private StepPlan _plan = new();
    private readonly FedTokens _tokens = new();
    private readonly StepPlanCheck _check;
    private int _firstLogits;
    private bool _isInFlight;

    /// <summary>Reads and packs all weights; <paramref name="weights"/> is not used afterwards.</summary>
    /// <exception cref="InputException">A tensor or an option is not as it should be.</exception>
    public CpuBackend(IWeightSource weights, CpuBackendOptions options)
    {
        options.Validate();
        InstructionSet = InstructionSets.Resolve(options.InstructionSet);
        Config = weights.Config;
        Name = options.RoundActivations ? "cpu-bf16" : "cpu";
        MaxRows = options.MaxRows;
        _pool = new WorkerPool(options.Threads > 0 ? options.Threads : Environment.ProcessorCount, options.Tracer);
        _track = options.Tracer?.Track(Tracer.SamplingTrack);
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
        _forward = new ForwardPass(
            Config, _weights, _cache, _rope, _pool, CpuKernels.Of(InstructionSet), MaxRows, options.RoundActivations, _track);
        _samplers = new NucleusSampler[_pool.Workers];
        for (var i = 0; i < _samplers.Length; i++)
            _samplers[i] = new NucleusSampler(Config.VocabularySize);
        _sampleBody = Sample;
        _check = new StepPlanCheck(Config, MaxRows, BlockCount);
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
        _check.Check(plan, _tokens.DrawCount);
        _plan = plan;
        var begin = _track?.Now ?? 0;
        _forward.Run(plan, _tokens.Resolve(plan));
        for (_firstLogits = 0; _firstLogits < plan.Logits.Length; _firstLogits += _forward.LogitsRows)
        {
            var count = Math.Min(_forward.LogitsRows, plan.Logits.Length - _firstLogits);
            _forward.Logits(_firstLogits, count);
            var computed = _track?.Now ?? 0;
            _pool.Run(count, _sampleBody);
            _track?.End(SpanName.Sampling, computed, count);
        }
        _track?.End(SpanName.Compute, begin, plan.RowCount);
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
        _check.Check(plan, _tokens.DrawCount);
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
            _forward.LogitsRow(index), row, _plan.Samples.Slice(row.FirstDraw, row.DrawCount), _plan.Draws.Slice(
                row.FirstDraw, row.DrawCount));
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
}
