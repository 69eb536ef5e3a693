using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Cpu;

/// <summary>
/// A weight matrix `[outputs, inputs]` in the order the GEMM reads it: panels of 48 outputs (three 512-bit vectors), in each the pairs
/// of inputs (k, k + 1) one after the other, in a pair the 48 outputs side by side (<see cref="IPanelFormat"/>). Outputs beyond the
/// last and an odd last input's partner are zeros.
/// </summary>
internal sealed class PackedMatrix : IDisposable
{
    public const int PanelOutputs = 48;

    public PackedMatrix(DataType type, int outputs, int inputs)
    {
        Type = type;
        Outputs = outputs;
        Inputs = inputs;
        Pairs = (inputs + 1) / 2;
        Panels = (outputs + PanelOutputs - 1) / PanelOutputs;
        PanelBytes = (long)Pairs * PairBytes;
        Data = new NativeBuffer(Panels * PanelBytes, zero: false);
    }

    public DataType Type { get; }

    public int Outputs { get; }

    public int Inputs { get; }

    /// <summary>Pairs of inputs.</summary>
    public int Pairs { get; }

    public int Panels { get; }

    public int PairBytes => (Type == DataType.F32 ? 8 : 4) * PanelOutputs;

    public long PanelBytes { get; }

    public NativeBuffer Data { get; }

    /// <summary>A count rounded up to whole panels: the stride of every activation buffer, whose padding stays zero.</summary>
    public static int Padded(int count) => (count + PanelOutputs - 1) / PanelOutputs * PanelOutputs;

    public void Dispose() => Data.Dispose();
}
