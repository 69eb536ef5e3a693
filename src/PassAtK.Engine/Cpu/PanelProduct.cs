namespace PassAtK.Engine.Cpu;

/// <summary>What becomes of a product's elements.</summary>
internal enum Epilogue
{
    /// <summary>output = product + bias</summary>
    Store,

    /// <summary>output += product + bias</summary>
    Accumulate,

    /// <summary>output = SiLU(gate product + bias) * (product + bias)</summary>
    SiluMultiply,
}

/// <summary>
/// One product of activations `[rows, inputs]` with a packed matrix, cut into items of one panel times a range of rows. Strides are in
/// floats, a multiple of 48; padding of the input is zeros, and so the padding of the output.
/// </summary>
internal sealed class PanelProduct
{
    /// <summary>Rows in an item at most; the partial sums of one live in a worker's scratch memory.</summary>
    public const int ItemRows = 256;

    /// <summary>Panel bytes above which the inputs are taken in blocks that stay in the second-level cache.</summary>
    private const int CacheBytes = 384 << 10;

    /// <summary>Floats of scratch memory for each worker: partial sums of gate and up.</summary>
    public const int ScratchFloats = 2 * ItemRows * PackedMatrix.PanelOutputs;

    public PackedMatrix Matrix { get; private set; } = null!;

    public NativeBuffer? Bias { get; private set; }

    /// <summary>For <see cref="Epilogue.SiluMultiply"/>.</summary>
    public Projection? Gate { get; private set; }

    public NativeBuffer Input { get; private set; } = null!;

    public int InputStride { get; private set; }

    /// <summary>The input rounded to BF16 with the same stride, for the BF16 dot product; null for F32 arithmetic.</summary>
    public NativeBuffer? RoundedInput { get; private set; }

    public NativeBuffer Output { get; private set; } = null!;

    public int OutputStride { get; private set; }

    public int Rows { get; private set; }

    public Epilogue Epilogue { get; private set; }

    /// <summary>Items of the product.</summary>
    public int Items { get; private set; }

    /// <summary>Row ranges that a panel is cut into, and rows of each (fewer in the last).</summary>
    public int RowRanges { get; private set; }

    public int RangeRows { get; private set; }

    /// <summary>Pairs of inputs taken at a time when an item has more rows than a register tile.</summary>
    public int BlockPairs { get; private set; }

    public void Set(
        PackedMatrix matrix, NativeBuffer? bias, Projection? gate, NativeBuffer input, NativeBuffer? roundedInput, int inputStride,
        NativeBuffer output, int outputStride, int rows, Epilogue epilogue, int workers)
    {
        (Matrix, Bias, Gate, Input, RoundedInput, InputStride) = (matrix, bias, gate, input, roundedInput, inputStride);
        (Output, OutputStride, Rows, Epilogue) = (output, outputStride, rows, epilogue);
        // Enough items for every worker to take several, so that none waits long for the last; whole register tiles of 8 rows.
        var wanted = Math.Max(((4 * workers) + matrix.Panels - 1) / matrix.Panels, (rows + ItemRows - 1) / ItemRows);
        RangeRows = Math.Max(((rows + wanted - 1) / wanted + 7) / 8 * 8, 8);
        RowRanges = (rows + RangeRows - 1) / RangeRows;
        Items = matrix.Panels * RowRanges;
        BlockPairs = RangeRows <= 8 || matrix.PanelBytes <= CacheBytes ? matrix.Pairs : CacheBytes / 2 / matrix.PairBytes;
    }
}
