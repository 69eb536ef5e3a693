using PassAtK.Engine.Tracing;

namespace PassAtK.Engine.Cuda;

/// <summary>Who multiplies by weights.</summary>
public enum MatrixProducts
{
    /// <summary>cuBLASLt where it is installed, else <see cref="Kernel"/>.</summary>
    Auto,

    /// <summary>This project's own kernel, compiled on the spot.</summary>
    Kernel,
}

/// <summary>How a <c>CudaBackend</c> uses its device. Only <see cref="Products"/> changes results.</summary>
public sealed record CudaBackendOptions
{
    /// <summary>Index of the device, in the order in which the driver names them.</summary>
    public int Device { get; init; }

    /// <summary>Most rows that a step may be given: blocks of a launch's second dimension.</summary>
    public const int RowLimit = 65535;

    /// <summary>Most rows in a step.</summary>
    public int MaxRows { get; init; } = 1024;

    /// <summary>KV blocks of 16 positions; 0 means as many as fit <see cref="KeyValueBytes"/>.</summary>
    public int KeyValueBlocks { get; init; }

    /// <summary>Memory for the KV cache, in bytes; 0 means 90% of what weights and workspace leave free.</summary>
    public long KeyValueBytes { get; init; }

    /// <summary>Most KV blocks where the free memory decides: what the work can use at most; 0 means no bound.</summary>
    public int MostKeyValueBlocks { get; init; }

    /// <summary>
    /// Positions that the longest sequence is expected to reach; 0 means as many as model and cache allow. Room for attention is set
    /// aside by it; a longer sequence takes more when it comes.
    /// </summary>
    public int LongestSequence { get; init; }

    /// <summary>Results of the two differ in their last bits, so the choice is part of the backend's name.</summary>
    public MatrixProducts Products { get; init; }

    /// <summary>Told what the launches of one step in 16 take; null for nothing.</summary>
    public Tracer? Tracer { get; init; }

    /// <exception cref="InputException">A value is outside its range.</exception>
    public void Validate()
    {
        if (Device < 0)
            throw new InputException($"device is {Device}, expected 0 or more.");
        if (MaxRows is < 1 or > RowLimit)
            throw new InputException($"most rows in a step is {MaxRows}, expected 1 to {RowLimit}.");
        if (LongestSequence < 0)
            throw new InputException($"the longest sequence is {LongestSequence}, expected 0 (the model's most positions) or more.");
        if (KeyValueBlocks < 0)
            throw new InputException($"KV blocks is {KeyValueBlocks}, expected 0 (by memory) or more.");
        if (KeyValueBytes < 0)
            throw new InputException($"KV cache bytes is {KeyValueBytes}, expected 0 (90% of the free memory) or more.");
    }
}
