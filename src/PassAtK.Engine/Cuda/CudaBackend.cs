using System.Runtime.CompilerServices;
using PassAtK.Cuda;
using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Execution;

namespace PassAtK.Engine.Cuda;

/// <summary>
/// A model of the Llama family on a CUDA device. Weights, activations, keys and values have the checkpoint's two-byte type; sums, the
/// residual stream and logits are F32. A step is one copy to the device, one launch of a captured graph and one copy back; two steps may be
/// in flight. Results depend on neither the batch nor what else shares it, bit for bit.
/// </summary>
public sealed class CudaBackend : IBackend
{
    private readonly CudaContext _context;
    private readonly CudaStream _stream;
    private readonly DeviceShape _shape;
    private readonly DeviceWeights _weights;
    private readonly StepKernels _kernels;
    private readonly IMatrixProduct _products;
    private readonly Workspace _workspace;
    private readonly RotaryTable _rope;
    private readonly KeyValueMemory _cache;
    private readonly StepLaunches _launches;
    private readonly StepGraphs _graphs;
    private readonly LaunchMarks? _marks;
    private readonly StepUpload _upload;
    private readonly AttentionPlanner _planner;
    private readonly StepPlanCheck _check;
    private readonly StepSlot[] _slots;
    private readonly Stack<IDisposable> _owned = [];
    private int _inFlight;
    private long _submitted;
    private int _previousDraws;

    /// <summary>Reads and uploads all weights; <paramref name="weights"/> is not used afterwards.</summary>
    /// <exception cref="InputException">A tensor or an option is not as it should be.</exception>
    /// <exception cref="CudaException">There is no such device, it has no room, or a kernel does not compile.</exception>
    public CudaBackend(IWeightSource weights, CudaBackendOptions options)
        : this(weights, options, new CudaBackendTuning())
    {
    }

    internal CudaBackend(IWeightSource weights, CudaBackendOptions options, CudaBackendTuning tuning)
    {
        options.Validate();
        Config = weights.Config;
        MaxRows = options.MaxRows;
        _shape = new DeviceShape(Config);
        _shape.Validate();
        try
        {
            _context = Own(CudaContext.Create(options.Device));
            _stream = Own(new CudaStream(_context));
            _weights = Own(new DeviceWeights(_context, weights, _shape));
            var cubins = tuning.Cache ?? new CubinCache(CubinCache.DefaultFolder);
            var compiler = Own(new KernelCompiler(_context, cubins) { ExtraOptions = tuning.CompilerOptions });
            var identity = compiler.Identity;
            _kernels = new StepKernels(_context, compiler, Config, _weights.Type);
            _workspace = Own(new Workspace(_context, _shape, MaxRows, tuning.LogitsBytes));
            _products = Own(Products(options.Products, compiler));
            _upload = new StepUpload(_workspace.LogitsRows);
            // Other kernels give other bits; what the SIMT device computes is for tests, which compare it with itself.
            Name = _context.IsSimt ? "cuda simt" : $"cuda {_context.Architecture.TrimEnd('a')} {_products.Name}-{identity}";
            var sizing = new KeyValueSizing(_context, Config, options);
            _rope = Own(new RotaryTable(_context, Config, sizing.MostPositions()));
            var stepBytes = Reserve(options.LongestSequence is > 0 and var longest ? Math.Min(longest, _rope.Positions) : _rope.Positions);
            _cache = Own(new KeyValueMemory(_context, Config, sizing.Blocks()));
            if (options.Tracer is { } tracer)
                _marks = Own(new LaunchMarks(_context, _stream, tracer.Track("GPU")));
            _launches = new StepLaunches(_shape, _weights, _cache, _rope, _kernels, _products, _workspace, _stream, _marks);
            _launches.PrepareAll(MaxRows);
            var launchByLaunch = tuning.LaunchByLaunch || _context.SynchronousLaunches;
            _graphs = Own(new StepGraphs(_launches, _stream, _cache.BlockCount, tuning.MostGraphs, _marks, launchByLaunch));
            _slots = [Own(new StepSlot(_context, stepBytes, UsualDraws)), Own(new StepSlot(_context, stepBytes, UsualDraws))];
        }
        catch
        {
            DisposeOwned();
            throw;
        }
        _planner = new AttentionPlanner(
            Config.HeadCount, Config.KeyValueHeadCount, Config.HeadDimension, _kernels.Attention.ConcurrentBlocks, tuning.Sharing);
        _check = new StepPlanCheck(Config, MaxRows, BlockCount);
    }

    public ModelConfig Config { get; }

    public string Name { get; }

    public int BlockCount => _cache.BlockCount;

    public int MaxRows { get; }

    public int PipelineDepth => _slots.Length;

    /// <summary>Device memory of the weights.</summary>
    public long WeightBytes => _weights.Size;

    /// <summary>Device memory of the KV cache.</summary>
    public long KeyValueBytes => _cache.Size;

    /// <summary>Device memory of activations, logits (at most 1 GiB, or one row), attention states, step arrays and tables.</summary>
    public long WorkspaceBytes => _workspace.Size + _rope.Size;

    /// <summary>How weights are multiplied with, line by line, for people.</summary>
    public IEnumerable<string> Describe() => _products.Describe();

    /// <summary>Graphs captured so far.</summary>
    internal int Captures => _graphs.Captures;

    /// <summary>Shapes of steps whose graphs are kept.</summary>
    internal int GraphCount => _graphs.Count;

    internal KeyValueMemory Cache => _cache;

    internal DeviceWeights Weights => _weights;

    /// <inheritdoc/>
    /// <exception cref="CudaException">A launch failed; the message names the step.</exception>
    public void Submit(StepPlan plan)
    {
        if (_inFlight == _slots.Length)
            throw new InvalidOperationException($"{_inFlight} steps are in flight: collect one first.");
        _check.Check(plan, _previousDraws);
        var slot = _slots[_submitted % _slots.Length];
        try
        {
            _context.MakeCurrent();
            slot.Begin(plan, _submitted);
            var shape = Send(plan, slot, _marks is not null && _submitted % LaunchMarks.Interval == 0, out _);
            _graphs.Launch(shape);
            slot.Marks = shape.IsMarked ? _graphs.Marks(shape) : null;
            slot.Receive(_workspace.Draws.Pointer, _stream);
        }
        catch (Exception error)
        {
            Abandon(slot);
            if (error is CudaException fault)
                throw Failed(_submitted, plan, fault, _inFlight);
            throw;
        }
        _previousDraws = plan.Samples.Length;
        _submitted++;
        _inFlight++;
    }

    /// <inheritdoc/>
    /// <exception cref="CudaException">The step failed on the device; the message names it.</exception>
    public void Collect()
    {
        if (_inFlight == 0)
            throw new InvalidOperationException("No step is in flight.");
        var slot = _slots[(_submitted - _inFlight) % _slots.Length];
        var plan = slot.Plan!;
        _inFlight--;
        try
        {
            _context.MakeCurrent();
            slot.Finish();
            if (slot.Marks is { } marks)
                _marks!.Read(marks, plan.RowCount);
        }
        catch (CudaException error)
        {
            throw Failed(slot.Step, plan, error, 0);
        }
    }

    /// <summary>
    /// Runs the step, launch by launch, but draws nothing: copies the logits of `plan.Logits` to `logits`, `[plan.Logits, vocabulary]`.
    /// No step may be in flight.
    /// </summary>
    internal void ComputeLogits(StepPlan plan, Span<float> logits)
    {
        if (_inFlight > 0)
            throw new InvalidOperationException("A step is in flight: collect it first.");
        _check.Check(plan, _previousDraws);
        _context.MakeCurrent();
        var slot = _slots[0];
        var shape = Send(plan, slot, isMarked: false, out var layout);
        _launches.Rows(shape, layout);
        using var host = new PinnedBuffer<float>(_context, (long)_workspace.LogitsRows * _shape.Vocabulary);
        for (var part = 0; part < _launches.Parts(plan.Logits.Length); part++)
        {
            var first = part * _workspace.LogitsRows;
            var count = Math.Min(_workspace.LogitsRows, plan.Logits.Length - first);
            _launches.Logits(shape, layout, part);
            _stream.CopyToHost(_workspace.Logits, host, 0, (long)count * _shape.Vocabulary);
            _stream.Synchronize();
            for (var row = 0; row < count; row++)
            {
                host.Span.Slice(row * _shape.Vocabulary, Config.VocabularySize)
                    .CopyTo(logits.Slice((first + row) * Config.VocabularySize, Config.VocabularySize));
            }
        }
        _stream.Synchronize();
    }

    /// <summary>Waits for steps in flight and frees everything; safe after a step has failed, whatever state the device is in.</summary>
    public void Dispose()
    {
        if (_owned.Count > 0)
        {
            try
            {
                _context.MakeCurrent();
                _stream.Synchronize();
            }
            catch (CudaException)
            {
                // The step that failed has said so.
            }
        }
        DisposeOwned();
    }

    private IMatrixProduct Products(MatrixProducts choice, KernelCompiler compiler)
    {
        var kernel = new KernelProduct(compiler, _context.Multiprocessors, _weights.Type == DataType.F16);
        return choice == MatrixProducts.Kernel || _context.IsSimt || !CublasLt.IsAvailable
            ? kernel
            : new CublasLtProduct(_context, _weights, kernel, MaxRows, _workspace.LogitsRows);
    }

    /// <summary>Plans the step's attention, makes room for it, and enqueues the upload of its arrays.</summary>
    private StepShape Send(StepPlan plan, StepSlot slot, bool isMarked, out StepLayout layout)
    {
        _planner.Build(plan.Groups);
        var attention = _planner.Plan;
        var shape = new StepShape(
            RowLadder.Rung(plan.RowCount, MaxRows),
            RowLadder.Rung(plan.Logits.Length, MaxRows),
            attention.LevelCount,
            attention.MergeRows.Length > 0,
            isMarked);
        var sizes = _upload.Measure(plan, attention, shape);
        layout = _graphs.LayoutFor(shape, sizes);
        MakeRoom(plan, attention, layout);
        var used = layout.Used(sizes);
        _upload.Write(plan, attention, layout, slot.Upload(used));
        slot.Send(_workspace.Step.Pointer, used, _stream);
        return shape;
    }

    private void MakeRoom(StepPlan plan, AttentionPlan attention, StepLayout layout)
    {
        var slots = (long)attention.StateSlots;
        Cover(_workspace.Step, layout.Size);
        Cover(_workspace.StateSums, slots * _kernels.Attention.StateSumsBytes);
        Cover(_workspace.StateOutputs, slots * _kernels.Attention.StateOutputsBytes);
        Cover(_workspace.Draws, (long)plan.Samples.Length * Unsafe.SizeOf<TokenDraw>());
    }

    private void Cover(GrowingMemory memory, long bytes)
    {
        if (bytes <= memory.Size)
            return;
        _stream.Synchronize();
        _graphs.Clear();
        memory.Grow(bytes, _stream);
    }

    /// <summary>
    /// Takes the memory that steps need, before the KV cache takes what is left: growing it later drops every graph. Returns the bytes of
    /// a usual large step's arrays.
    /// </summary>
    private long Reserve(int positions)
    {
        var blocks = (positions + BlockTable.BlockSize - 1) / BlockTable.BlockSize;
        var layout = new StepRooms(MaxRows, blocks).LayoutFor(_upload.Measure(new StepShape(MaxRows, MaxRows, 1, false)));
        var attention = _kernels.Attention;
        var slots = AttentionRoom.Slots(_context, MaxRows, positions, attention.StateSumsBytes + attention.StateOutputsBytes);
        // Room for arrays that have grown once.
        _workspace.Step.Grow(4 * layout.Size, _stream);
        _workspace.StateSums.Grow(slots * attention.StateSumsBytes, _stream);
        _workspace.StateOutputs.Grow(slots * attention.StateOutputsBytes, _stream);
        _workspace.Draws.Grow(UsualDraws * Unsafe.SizeOf<TokenDraw>(), _stream);
        return layout.Size;
    }

    private long UsualDraws => Math.Max(4L * MaxRows, 4096);

    /// <summary>Waits for what the device may still read of the slot's memory, or write to it.</summary>
    private void Abandon(StepSlot slot)
    {
        slot.Abandon();
        try
        {
            _stream.Synchronize();
        }
        catch (CudaException)
        {
            // The error that is on its way tells.
        }
    }

    /// <param name="step">Its number.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="error">What the driver said.</param>
    /// <param name="before">Steps before it that were in flight: a fault is told of the next call, whoever caused it.</param>
    private CudaException Failed(long step, StepPlan plan, CudaException error, int before)
    {
        var others = before > 0 ? $", or step {step - before} before it" : _inFlight > 0 ? $", or step {step + 1} after it" : "";
        return new CudaException(
            $"Step {step} of {plan.RowCount} rows, {plan.Logits.Length} of them with logits{others}, failed on {Name}: {error.Message}");
    }

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Push(owned);
        return owned;
    }

    /// <summary>In the reverse order of making; the context goes last.</summary>
    private void DisposeOwned()
    {
        while (_owned.TryPop(out var owned))
            owned.Dispose();
    }
}
