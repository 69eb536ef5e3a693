using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Tracing;

namespace PassAtK.Engine.Cpu;

/// <summary>
/// The transformer over all rows of a step, phase by phase, each phase a fork over the worker pool. Owns the activations; every row of
/// one is padded to whole panels with zeros, which stay zeros while the row is finite.
/// </summary>
internal sealed class ForwardPass : IDisposable
{
    /// <summary>Logits held at a time, in bytes, unless one row alone takes more.</summary>
    private const long LogitsBytes = 32 << 20;

    private readonly ModelConfig _config;
    private readonly ModelWeights _weights;
    private readonly KeyValueCache _cache;
    private readonly RopeTable _rope;
    private readonly WorkerPool _pool;
    private readonly CpuKernels _kernels;

    // [rows, hidden], [rows, hidden], [rows, queries + keys + values], [rows, queries], [rows, ffn], [LogitsRows, vocabulary],
    // [rows, widest input] in BF16
    private readonly NativeBuffer _hidden;
    private readonly NativeBuffer _normed;
    private readonly NativeBuffer _heads;
    private readonly NativeBuffer _attended;
    private readonly NativeBuffer _activated;
    private readonly NativeBuffer _logits;
    private readonly NativeBuffer? _rounded;
    private readonly NativeBuffer _scratch;
    private readonly long _scratchStride;

    private readonly AttentionPlan _plan = new();
    private readonly PanelProduct _product = new();
    private readonly HeadPhase _headPhase;
    private readonly AttentionPhase _attentionPhase;

    // The bodies of the forks, made once so that a step allocates nothing, and what they read.
    private readonly Action<int, int> _copyBody;
    private readonly Action<int, int> _gatherBody;
    private readonly Action<int, int> _normBody;
    private readonly Action<int, int> _roundBody;
    private readonly Action<int, int> _multiplyBody;
    private readonly Action<int, int> _headBody;
    private readonly Action<int, int> _attendBody;
    private StepPlan _step = new();
    private int[] _tokens = [];
    private NativeBuffer? _normWeight;
    private int _firstLogits = -1;
    private int _normRows;

    // Where time is told. Phases follow each other: a span begins where the one before it ended.
    private readonly TraceTrack? _track;
    private long _phaseBegin;

    public ForwardPass(
        ModelConfig config, ModelWeights weights, KeyValueCache cache, RopeTable rope, WorkerPool pool, CpuKernels kernels, int maxRows,
        bool roundActivations, TraceTrack? track = null)
    {
        (_config, _weights, _cache, _rope, _pool, _kernels) = (config, weights, cache, rope, pool, kernels);
        _track = track;
        HiddenStride = PackedMatrix.Padded(config.HiddenSize);
        HeadsStride = PackedMatrix.Padded(config.QuerySize + (2 * config.KeyValueSize));
        AttendedStride = PackedMatrix.Padded(config.QuerySize);
        ActivatedStride = PackedMatrix.Padded(config.IntermediateSize);
        LogitsStride = PackedMatrix.Padded(config.VocabularySize);
        LogitsRows = (int)Math.Clamp(LogitsBytes / (4L * LogitsStride), 1, maxRows);
        _hidden = NativeBuffer.OfFloats((long)maxRows * HiddenStride);
        _normed = NativeBuffer.OfFloats((long)maxRows * HiddenStride);
        _heads = NativeBuffer.OfFloats((long)maxRows * HeadsStride);
        _attended = NativeBuffer.OfFloats((long)maxRows * AttendedStride);
        _activated = NativeBuffer.OfFloats((long)maxRows * ActivatedStride);
        _logits = NativeBuffer.OfFloats((long)LogitsRows * LogitsStride);
        if (roundActivations)
            _rounded = new NativeBuffer((long)maxRows * Math.Max(Math.Max(HiddenStride, AttendedStride), ActivatedStride) * sizeof(ushort));
        _headPhase = new HeadPhase(config, _plan, cache, rope, _heads, HeadsStride);
        _attentionPhase = new AttentionPhase(config, _plan, cache, _heads, HeadsStride, _attended, AttendedStride);
        _scratchStride = (Math.Max(_attentionPhase.ScratchFloats, PanelProduct.ScratchFloats) + 1023) / 1024 * 1024;
        _scratch = NativeBuffer.OfFloats(pool.Workers * _scratchStride);

        _copyBody = (layer, _) => _cache.Copy(layer, _step.Copies);
        _gatherBody = (row, _) => _kernels.Gather(_weights.Embedding, _tokens[row], _hidden, row, HiddenStride);
        _normBody = Norm;
        _roundBody = (row, _) => _kernels.Round(_product.Input, _rounded!, row, _product.InputStride);
        _multiplyBody = (item, worker) => _kernels.Multiply(_product, item, _scratch, worker * _scratchStride);
        _headBody = (row, _) => _kernels.StoreKeysAndValues(_headPhase, row);
        _attendBody = Attend;
    }

    /// <summary>Rows of logits that one call of <see cref="Logits"/> computes at most.</summary>
    public int LogitsRows { get; }

    public long WorkspaceSize =>
        _hidden.Size + _normed.Size + _heads.Size + _attended.Size + _activated.Size + _logits.Size + _scratch.Size
        + (_rounded?.Size ?? 0);

    private int HiddenStride { get; }

    private int HeadsStride { get; }

    private int AttendedStride { get; }

    private int ActivatedStride { get; }

    private int LogitsStride { get; }

    /// <summary>Copies blocks, then computes all rows up to the last layer; their keys and values are in the cache afterwards.</summary>
    /// <param name="step">The step.</param>
    /// <param name="tokens">`[rows]`: the token ids, references resolved.</param>
    public void Run(StepPlan step, int[] tokens)
    {
        (_step, _tokens) = (step, tokens);
        _phaseBegin = _track?.Now ?? 0;
        if (step.Copies.Length > 0)
        {
            _pool.Run(_config.LayerCount, _copyBody);
            EndPhase(SpanName.Copy, step.Copies.Length);
        }
        var rows = step.RowCount;
        if (rows == 0)
            return;
        var heads = _config.KeyValueHeadCount;
        _plan.Build(step.Groups, ((4 * _pool.Workers) + heads - 1) / heads);
        foreach (var group in step.Groups)
            _rope.Cover(group.FirstPosition + group.RowCount);
        _pool.Run(rows, _gatherBody);
        EndPhase(SpanName.Gather, rows);
        for (var layer = 0; layer < _config.LayerCount; layer++)
            RunLayer(layer, rows);
    }

    /// <summary>Logits of the rows of `step.Logits[first..]`, count of them: final norm and output projection.</summary>
    public void Logits(int first, int count)
    {
        _firstLogits = first;
        _phaseBegin = _track?.Now ?? 0;
        NormRows(_weights.FinalNorm, count);
        EndPhase(SpanName.FinalNorm, count);
        _firstLogits = -1;
        Multiply(_weights.Output, null, null, _normed, HiddenStride, _logits, LogitsStride, count, Epilogue.Store);
        EndPhase(SpanName.Logits, count);
    }

    /// <summary>Row `index` of the last call of <see cref="Logits"/>.</summary>
    public Span<float> LogitsRow(int index) => _logits.Span<float>((long)index * LogitsStride, _config.VocabularySize);

    public void Dispose()
    {
        _hidden.Dispose();
        _normed.Dispose();
        _heads.Dispose();
        _attended.Dispose();
        _activated.Dispose();
        _logits.Dispose();
        _rounded?.Dispose();
        _scratch.Dispose();
    }

    private void RunLayer(int layer, int rows)
    {
        var weights = _weights.Layers[layer];
        NormRows(weights.InputNorm, rows);
        EndPhase(SpanName.Norm, layer);
        Multiply(weights.QueryKeyValue, null, _normed, HiddenStride, _heads, HeadsStride, rows, Epilogue.Store);
        EndPhase(SpanName.QueryKeyValue, layer);

        (_headPhase.Layer, _headPhase.QueryNorm, _headPhase.KeyNorm) = (layer, weights.QueryNorm, weights.KeyNorm);
        _pool.Run(rows, _headBody);
        EndPhase(SpanName.Rope, layer);

        _attentionPhase.Layer = layer;
        _pool.Run(_plan.Tasks.Count * _config.KeyValueHeadCount, _attendBody);
        EndPhase(SpanName.Attention, layer);
        Multiply(weights.AttentionOutput, null, _attended, AttendedStride, _hidden, HiddenStride, rows, Epilogue.Accumulate);
        EndPhase(SpanName.AttentionOutput, layer);

        NormRows(weights.FeedForwardNorm, rows);
        EndPhase(SpanName.Norm, layer);
        Multiply(weights.Up, weights.Gate, _normed, HiddenStride, _activated, ActivatedStride, rows, Epilogue.SiluMultiply);
        EndPhase(SpanName.GateUp, layer);
        Multiply(weights.Down, null, _activated, ActivatedStride, _hidden, HiddenStride, rows, Epilogue.Accumulate);
        EndPhase(SpanName.Down, layer);
    }

    private void EndPhase(SpanName name, int detail)
    {
        if (_track is not null)
            _phaseBegin = _track.End(name, _phaseBegin, detail);
    }

    private void Multiply(
        Projection projection, Projection? gate, NativeBuffer input, int inputStride, NativeBuffer output, int outputStride, int rows,
        Epilogue epilogue) =>
        Multiply(projection.Matrix, projection.Bias, gate, input, inputStride, output, outputStride, rows, epilogue);

    private void Multiply(
        PackedMatrix matrix, NativeBuffer? bias, Projection? gate, NativeBuffer input, int inputStride, NativeBuffer output, int outputStride,
        int rows, Epilogue epilogue)
    {
        var rounded = matrix.Type == DataType.BF16 ? _rounded : null;
        _product.Set(matrix, bias, gate, input, rounded, inputStride, output, outputStride, rows, epilogue, _pool.Workers);
        if (rounded is not null)
            _pool.Run(rows, _roundBody);
        _pool.Run(_product.Items, _multiplyBody);
    }

    private void NormRows(NativeBuffer weight, int rows)
    {
        (_normWeight, _normRows) = (weight, rows);
        _pool.Run((rows + 15) / 16, _normBody);
    }

    /// <summary>Sixteen rows, each a fraction of a microsecond.</summary>
    private void Norm(int item, int worker)
    {
        for (var row = 16 * item; row < Math.Min(16 * (item + 1), _normRows); row++)
        {
            var source = _firstLogits < 0 ? row : _step.Logits[_firstLogits + row].Row;
            _kernels.RmsNorm(_hidden, source, _normWeight!, _normed, row, HiddenStride, _config.HiddenSize, _config.RmsNormEpsilon);
        }
    }

    private void Attend(int item, int worker)
    {
        // Tasks of one head follow each other, so that its keys and values stay in the shared cache.
        var (head, task) = Math.DivRem(item, _plan.Tasks.Count);
        _kernels.Attend(_attentionPhase, _plan.Tasks[task], head, _scratch, worker * _scratchStride);
    }
}
