using PassAtK.Engine.Tracing;

namespace PassAtK.Engine.Cpu;

/// <summary>How a <see cref="CpuBackend"/> uses the machine. Only <see cref="RoundActivations"/> changes results.</summary>
public sealed record CpuBackendOptions
{
    /// <summary>Threads that compute, the caller's included; 0 means one for each processor.</summary>
    public int Threads { get; init; }

    /// <summary>Most rows in a step.</summary>
    public int MaxRows { get; init; } = 256;

    /// <summary>KV blocks of 16 positions; 0 means as many as fit <see cref="KeyValueBytes"/>.</summary>
    public int KeyValueBlocks { get; init; }

    /// <summary>Memory for the KV cache, in bytes; 0 means a quarter of the memory available to the process.</summary>
    public long KeyValueBytes { get; init; }

    public InstructionSet InstructionSet { get; init; }

    /// <summary>
    /// Rounds the inputs of products with BF16 weights to BF16, for the processor's BF16 dot product (AVX512_BF16, on Linux): up to
    /// twice as fast where arithmetic takes the time, at 8 significant bits instead of 24. Samples differ from those without it, so it
    /// is part of the backend's name: `--backend cpu-bf16`.
    /// </summary>
    public bool RoundActivations { get; init; }

    /// <summary>Told where steps spend their time; null for nothing.</summary>
    public Tracer? Tracer { get; init; }

    /// <exception cref="InputException">A value is outside its range.</exception>
    public void Validate()
    {
        if (Threads is < 0 or > 1024)
            throw new InputException($"threads is {Threads}, expected 0 (one for each processor) to 1024.");
        if (MaxRows is < 1 or > 65536)
            throw new InputException($"most rows in a step is {MaxRows}, expected 1 to 65536.");
        if (KeyValueBlocks < 0)
            throw new InputException($"KV blocks is {KeyValueBlocks}, expected 0 (by memory) or more.");
        if (KeyValueBytes < 0)
            throw new InputException($"KV cache bytes is {KeyValueBytes}, expected 0 (a quarter of the memory) or more.");
        if (RoundActivations)
            DotProductKernels.Demand();
    }
}
