using PassAtK.Cuda;

namespace PassAtK.Engine.Cuda;

/// <summary>
/// The captured graph of each shape that a step has had, with the layout that it reads. Captured when first needed; captured again when a
/// step of the shape does not fit the layout.
/// </summary>
internal sealed class StepGraphs(StepLaunches launches, CudaStream stream) : IDisposable
{
    private readonly Dictionary<StepShape, Captured> _captured = [];

    /// <summary>Graphs captured so far.</summary>
    public int Captures { get; private set; }

    /// <summary>A layout for a step of this shape and sizes.</summary>
    public StepLayout LayoutFor(StepShape shape, in StepSizes sizes)
    {
        if (!_captured.TryGetValue(shape, out var captured))
            _captured[shape] = captured = new Captured(new StepLayout(sizes, null));
        if (!captured.Layout.Fits(sizes))
        {
            // The graph that reads the former layout may still run.
            stream.Synchronize();
            captured.Graph?.Dispose();
            _captured[shape] = captured = new Captured(new StepLayout(sizes, captured.Layout));
        }
        return captured.Layout;
    }

    /// <summary>Launches the step of this shape, whose arrays lie as <see cref="LayoutFor"/> said last.</summary>
    /// <exception cref="CudaException">A launch was refused, which the message names.</exception>
    public void Launch(StepShape shape)
    {
        var captured = _captured[shape];
        captured.Graph ??= Capture(shape, captured.Layout);
        captured.Graph.Launch(stream);
    }

    /// <summary>Drops all graphs, because memory that they refer to has moved. The stream must be idle.</summary>
    public void Clear()
    {
        foreach (var captured in _captured.Values)
        {
            captured.Graph?.Dispose();
            captured.Graph = null;
        }
    }

    public void Dispose() => Clear();

    private CudaGraph Capture(StepShape shape, StepLayout layout)
    {
        Captures++;
        launches.Prepare(shape);
        return CudaGraph.Capture(stream, () =>
        {
            launches.Rows(shape, layout);
            for (var part = 0; part < launches.Parts(shape.LogitsRows); part++)
            {
                launches.Logits(shape, layout, part);
                launches.Draw(shape, layout, part);
            }
        });
    }

    private sealed class Captured(StepLayout layout)
    {
        public StepLayout Layout { get; } = layout;

        public CudaGraph? Graph { get; set; }
    }
}
