using static PassAtK.Engine.Cpu.PackedMatrix;

namespace PassAtK.Engine.Cpu;

/// <summary>
/// One item of a product: a panel's outputs for a range of rows. The sums go through a worker's scratch memory `[rows, 48]`, hot in the
/// first-level cache, where the epilogue picks them up; with many inputs they rest there between blocks of inputs, which changes no bit.
/// </summary>
internal static unsafe class ProductKernels<TSimd, V, TFormat>
    where TSimd : struct, ISimd<V>
    where V : struct
    where TFormat : struct, IPanelFormat
{
    public static void Item(PanelProduct product, int item, float* scratch)
    {
        var (panel, range) = Math.DivRem(item, product.RowRanges);
        var firstRow = range * product.RangeRows;
        var rows = Math.Min(product.RangeRows, product.Rows - firstRow);
        if (product.BlockPairs == product.Matrix.Pairs)
        {
            // One pass over the inputs: a register tile's rows from first product to epilogue.
            for (var done = 0; done < rows; done += 8)
            {
                var tileRows = Math.Min(8, rows - done);
                Sums(product, panel, firstRow + done, tileRows, 0, product.Matrix.Pairs, scratch);
                Finish(product, panel, firstRow + done, tileRows, scratch);
            }
            return;
        }
        for (var pair = 0; pair < product.Matrix.Pairs; pair += product.BlockPairs)
            Sums(product, panel, firstRow, rows, pair, Math.Min(product.BlockPairs, product.Matrix.Pairs - pair), scratch);
        Finish(product, panel, firstRow, rows, scratch);
    }

    private static void Sums(PanelProduct product, int panel, int firstRow, int rows, int firstPair, int pairs, float* sums)
    {
        var offset = (panel * product.Matrix.PanelBytes) + ((long)firstPair * TFormat.PairBytes);
        Sums(product, product.Matrix, offset, firstRow, rows, firstPair, pairs, sums);
        if (product.Gate is { } gate)
            Sums(product, gate.Matrix, offset, firstRow, rows, firstPair, pairs, Gates(sums));
    }

    private static void Sums(
        PanelProduct product, PackedMatrix matrix, long offset, int firstRow, int rows, int firstPair, int pairs, float* sums)
    {
        var input = ((long)firstRow * product.InputStride) + (2 * firstPair);
        var panel = matrix.Data.Bytes + offset;
        if (product.RoundedInput is { } rounded)
        {
            DotProductKernels.Panel((ushort*)rounded.Bytes + input, product.InputStride, rows, panel, pairs, sums, resume: firstPair > 0);
            return;
        }
        GemmKernels<TSimd, V, TFormat>.Panel(
            product.Input.Floats + input, product.InputStride, rows, panel, pairs, sums, resume: firstPair > 0);
    }

    private static float* Gates(float* sums) => sums + (PanelProduct.ItemRows * PanelOutputs);

    private static void Finish(PanelProduct product, int panel, int firstRow, int rows, float* sums)
    {
        var column = (long)panel * PanelOutputs;
        AddBias(product.Bias, column, rows, sums);
        AddBias(product.Gate?.Bias, column, rows, Gates(sums));
        for (var row = 0; row < rows; row++)
        {
            var output = product.Output.Floats + ((long)(firstRow + row) * product.OutputStride) + column;
            var sum = sums + (row * PanelOutputs);
            for (var i = 0; i < PanelOutputs; i += TSimd.Lanes)
            {
                var value = TSimd.Load(sum + i);
                if (product.Epilogue == Epilogue.Accumulate)
                    value = TSimd.Add(TSimd.Load(output + i), value);
                else if (product.Epilogue == Epilogue.SiluMultiply)
                    value = ExpKernels<TSimd, V>.SiluMultiply(TSimd.Load(Gates(sum) + i), value);
                TSimd.Store(value, output + i);
            }
        }
    }

    private static void AddBias(NativeBuffer? bias, long column, int rows, float* sums)
    {
        if (bias is null)
            return;
        for (var row = 0; row < rows; row++, sums += PanelOutputs)
        {
            for (var i = 0; i < PanelOutputs; i += TSimd.Lanes)
                TSimd.Store(TSimd.Add(TSimd.Load(sums + i), TSimd.Load(bias.Floats + column + i)), sums + i);
        }
    }
}
