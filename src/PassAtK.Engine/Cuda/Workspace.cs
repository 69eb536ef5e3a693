using PassAtK.Cuda;
using PassAtK.Cuda.Kernels;

namespace PassAtK.Engine.Cuda;

/// <summary>
/// Device memory of the activations of one step, and what a step brings and leaves: its arrays, attention states, draws. Steps follow each
/// other on one stream, so all share it.
/// </summary>
internal sealed class Workspace : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private long _fixedSize;

    /// <param name="context">The device.</param>
    /// <param name="shape">Widths of the rows.</param>
    /// <param name="maxRows">Most rows of a step.</param>
    /// <param name="logitsBytes">Most bytes of logits held at a time, unless one row alone takes more.</param>
    /// <exception cref="CudaException">The device has no room for it.</exception>
    public Workspace(CudaContext context, DeviceShape shape, int maxRows, long logitsBytes)
    {
        LogitsRows = (int)Math.Clamp(logitsBytes / (sizeof(float) * (long)shape.Vocabulary), 1, maxRows);
        try
        {
            Step = Growing(context, "the arrays of a step");
            StateSums = Growing(context, "attention states");
            StateOutputs = Growing(context, "attention states");
            Draws = Growing(context, "the draws of a step", keeps: true);
            Residual = Rows<float>(context, maxRows, shape.Hidden);
            Normed = Rows<ushort>(context, maxRows, shape.Hidden);
            Heads = Rows<ushort>(context, maxRows, shape.Heads);
            Attended = Rows<ushort>(context, maxRows, shape.Queries);
            Delta = Rows<ushort>(context, maxRows, shape.Hidden);
            GateUp = Rows<ushort>(context, maxRows, 2 * shape.FeedForward);
            Activated = Rows<ushort>(context, maxRows, shape.FeedForward);
            Logits = Rows<float>(context, LogitsRows, shape.Vocabulary);
            SamplerScratch = Rows<float>(context, 1, SampleNucleus.WorkspaceFloats(LogitsRows, shape.Config.VocabularySize));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Rows of logits held at a time.</summary>
    public int LogitsRows { get; }

    /// <summary>F32 `[rows, hidden]`.</summary>
    public DevicePointer Residual { get; }

    /// <summary>Element `[rows, hidden]`.</summary>
    public DevicePointer Normed { get; }

    /// <summary>Element `[rows, queries + keys + values]`.</summary>
    public DevicePointer Heads { get; }

    /// <summary>Element `[rows, queries]`.</summary>
    public DevicePointer Attended { get; }

    /// <summary>Element `[rows, hidden]`: what the residual stream gains next.</summary>
    public DevicePointer Delta { get; }

    /// <summary>Element `[rows, 2 feed-forward]`.</summary>
    public DevicePointer GateUp { get; }

    /// <summary>Element `[rows, feed-forward]`.</summary>
    public DevicePointer Activated { get; }

    /// <summary>F32 `[LogitsRows, vocabulary]`.</summary>
    public DevicePointer Logits { get; }

    /// <summary>What the sampler keeps between its two kernels.</summary>
    public DevicePointer SamplerScratch { get; }

    /// <summary>The arrays of a step, see <see cref="StepArray"/>.</summary>
    public GrowingMemory Step { get; }

    public GrowingMemory StateSums { get; }

    public GrowingMemory StateOutputs { get; }

    /// <summary>Draws of the last step that had any.</summary>
    public GrowingMemory Draws { get; }

    public long Size => _fixedSize + Step.Size + StateSums.Size + StateOutputs.Size + Draws.Size;

    public void Dispose()
    {
        foreach (var owned in _owned)
            owned.Dispose();
    }

    private DevicePointer Rows<T>(CudaContext context, int rows, long width)
        where T : unmanaged
    {
        var memory = DeviceAllocation.Of<T>(context, rows * width, "activations and logits", "give a step fewer rows (--batch)");
        _owned.Add(memory);
        _fixedSize += memory.SizeInBytes;
        return memory.Pointer;
    }

    private GrowingMemory Growing(CudaContext context, string what, bool keeps = false)
    {
        var memory = new GrowingMemory(context, what, keeps);
        _owned.Add(memory);
        return memory;
    }
}
