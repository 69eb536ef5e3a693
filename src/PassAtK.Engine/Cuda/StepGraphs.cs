using PassAtK.Cuda;

namespace PassAtK.Engine.Cuda;

/// <summary>
/// The captured graph of each shape that a step has had, with the layout that it reads. Captured when first needed; captured again when a
/// step of the shape does not fit the layout, or when the graph had to make room for others.
/// </summary>
/// <param name="launches">What a step consists of.</param>
/// <param name="stream">Where it runs.</param>
/// <param name="blockCount">Blocks of the KV cache.</param>
/// <param name="most">Most shapes kept: a graph takes memory of host and device, and shapes come in hundreds.</param>
/// <param name="marks">Between the launches of marked steps; null where there are none.</param>
/// <param name="launchByLaunch">Runs steps without graphs, so that a fault is told of the launch that caused it.</param>
internal sealed class StepGraphs(
    StepLaunches launches, CudaStream stream, int blockCount, int most, LaunchMarks? marks, bool launchByLaunch)
    : IDisposable
{
    private readonly Dictionary<StepShape, Captured> _captured = [];
    private readonly Dictionary<int, StepRooms> _rooms = [];
    private long _uses;

    /// <summary>Graphs captured so far.</summary>
    public int Captures { get; private set; }

    /// <summary>Shapes with a layout, and mostly a graph, of their own.</summary>
    public int Count => _captured.Count;

    /// <summary>A layout for a step of this shape and sizes.</summary>
    public StepLayout LayoutFor(StepShape shape, in StepSizes sizes)
    {
        if (_captured.TryGetValue(shape, out var captured) && captured.Layout.Fits(sizes))
            return captured.Layout;
        if (captured is not null)
            Remove(shape);
        else if (_captured.Count >= most)
            RemoveOldest(Math.Max(1, most / 4));
        if (!_rooms.TryGetValue(shape.Rows, out var rooms))
            _rooms[shape.Rows] = rooms = new StepRooms(shape.Rows, blockCount);
        _captured[shape] = captured = new Captured(rooms.LayoutFor(sizes));
        return captured.Layout;
    }

    /// <summary>
    /// Launches the step of this shape, whose arrays lie as <see cref="LayoutFor"/> said last. Where there is no memory for another graph,
    /// the older half goes.
    /// </summary>
    /// <exception cref="CudaException">A launch was refused, which the message names.</exception>
    public void Launch(StepShape shape)
    {
        var captured = _captured[shape];
        captured.LastUse = ++_uses;
        if (launchByLaunch)
        {
            Run(shape, captured);
            return;
        }
        try
        {
            Launch(shape, captured);
        }
        catch (CudaException error) when (DeviceAllocation.IsOutOfMemory(error) && _captured.Count > 1)
        {
            // A graph takes memory when it is made or first launched. This one was used last, so it is not among the older half.
            RemoveOldest(_captured.Count / 2);
            Launch(shape, captured);
        }
    }

    /// <summary>What the launches of a marked shape are, once it was launched.</summary>
    public List<LaunchMark> Marks(StepShape shape) => _captured[shape].Marks;

    /// <summary>Drops all graphs, because memory that they refer to is about to move. The stream must be idle.</summary>
    public void Clear()
    {
        foreach (var captured in _captured.Values)
        {
            captured.Graph?.Dispose();
            captured.Graph = null;
        }
    }

    public void Dispose() => Clear();

    private void Launch(StepShape shape, Captured captured)
    {
        captured.Graph ??= Capture(shape, captured);
        captured.Graph.Launch(stream);
    }

    private CudaGraph Capture(StepShape shape, Captured captured)
    {
        launches.Prepare(shape);
        var graph = CudaGraph.Capture(stream, () => Run(shape, captured));
        Captures++;
        return graph;
    }

    private void Run(StepShape shape, Captured captured)
    {
        var layout = captured.Layout;
        if (shape.IsMarked)
            marks!.Begin(captured.Marks);
        launches.Rows(shape, layout);
        for (var part = 0; part < launches.Parts(shape.LogitsRows); part++)
        {
            launches.Logits(shape, layout, part);
            launches.Draw(shape, layout, part);
        }
    }

    private void RemoveOldest(int count)
    {
        foreach (var shape in _captured.OrderBy(captured => captured.Value.LastUse).Take(count).Select(captured => captured.Key).ToArray())
            Remove(shape);
    }

    private void Remove(StepShape shape)
    {
        // The graph may still run.
        stream.Synchronize();
        _captured.Remove(shape, out var captured);
        captured?.Graph?.Dispose();
    }

    private sealed class Captured(StepLayout layout)
    {
        public StepLayout Layout { get; } = layout;

        public CudaGraph? Graph { get; set; }

        public List<LaunchMark> Marks { get; } = [];

        /// <summary>When it was launched last, in launches of any shape.</summary>
        public long LastUse { get; set; }
    }
}
