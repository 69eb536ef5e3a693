using PassAtK.Cuda.Kernels;

namespace PassAtK.Cuda.Tests.Kernels;

public class RmsNormTests
{
    private const float Epsilon = 1e-5f;

    [Fact]
    public void Rows_are_normalised_after_the_delta_was_added() => KernelDevice.InEachMode(device =>
    {
        var random = new RandomRows(2);
        foreach (var format in device.IsChecked ? ElementFormat.All.Take(1) : ElementFormat.All)
        {
            // One chunk a thread and one warp, tails, several warps, and two, four and eight chunks.
            foreach (var hidden in format.IsF16 ? (int[])[70, 3584] : [2, 64, 70, 896, 2048, 2056, 3584, 8190, 9000])
            {
                Check(device, random, format, hidden, withDelta: true, picked: false);
                Check(device, random, format, hidden, withDelta: false, picked: false);
            }
        }
    });

    [Fact]
    public void Picked_rows_are_normalised_and_the_residual_stream_stays() => KernelDevice.InEachMode(device =>
    {
        var random = new RandomRows(3);
        foreach (var format in device.IsChecked ? ElementFormat.All.Take(1) : ElementFormat.All)
        {
            Check(device, random, format, 70, withDelta: true, picked: true);
            Check(device, random, format, 576, withDelta: false, picked: true);
        }
    });

    [Fact]
    public void A_row_has_the_same_bits_wherever_it_stands() => KernelDevice.InEachMode(device =>
    {
        const int hidden = 896;
        var random = new RandomRows(4);
        var format = ElementFormat.All[0];
        var row = random.Floats(hidden);
        var weight = random.Floats(hidden);
        var alone = Run(device, format, hidden, row, null, weight, null, 1, 1).Output;
        var others = random.Floats(4 * hidden, 100);
        row.CopyTo(others.AsSpan(2 * hidden));
        var among = Run(device, format, hidden, others, null, weight, null, 4, 4).Output;
        Assert.Equal(alone, among[(2 * hidden)..(3 * hidden)]);
    });

    private static void Check(KernelDevice device, RandomRows random, ElementFormat format, int hidden, bool withDelta, bool picked)
    {
        const int maxRows = 4;
        var stride = RowLayout.Stride(hidden);
        var rows = random.Int(1, maxRows);
        var residual = random.Floats(maxRows * stride, random.Pick(1e-3, 1, 50));
        var delta = withDelta ? random.Elements(format, maxRows * stride) : null;
        var weight = random.Floats(hidden);
        var sources = picked ? Enumerable.Range(0, maxRows).Select(_ => random.Int(0, maxRows - 1)).ToArray() : null;
        var (residualAfter, output) = Run(device, format, hidden, residual, delta, weight, sources, rows, maxRows);

        for (var row = 0; row < maxRows; row++)
        {
            var source = sources is null ? row : sources[row];
            var sum = new float[hidden];
            for (var column = 0; column < hidden; column++)
                sum[column] = residual[(source * stride) + column] + (delta is null ? 0 : format.Value(delta[(source * stride) + column]));
            var scale = 1 / Math.Sqrt((sum.Sum(value => (double)value * value) / hidden) + Epsilon);
            for (var column = 0; column < stride; column++)
            {
                var place = (row * stride) + column;
                var what = $"{format} {hidden} row {row} column {column}";
                if (row >= rows)
                    Assert.Equal(RandomRows.Poison, output[place]);
                else if (column >= hidden)
                    Assert.Equal(0, output[place]);
                else
                {
                    var exact = sum[column] * scale * weight[column];
                    format.AssertRounded(exact, output[place], Math.Abs(exact) * 4e-6, what);
                }
                var written = row < rows && delta is not null && sources is null;
                if (written && column < hidden)
                    Assert.Equal(sum[column], residualAfter[place]);
                else if (!written)
                    Assert.Equal(residual[place], residualAfter[place]);
            }
        }
    }

    private static (float[] Residual, ushort[] Output) Run(
        KernelDevice device, ElementFormat format, int hidden, float[] residual, ushort[]? delta, float[] weight, int[]? sources, int rows, int maxRows)
    {
        var stride = RowLayout.Stride(hidden);
        var residualOnDevice = device.Upload<float>(residual);
        var output = device.Upload<ushort>(RandomRows.Poisoned(maxRows * stride));
        var parameters = new RmsNormParams
        {
            Residual = residualOnDevice.Pointer,
            Delta = delta is null ? default : device.Upload<ushort>(delta).Pointer,
            Weight = device.Upload<float>(weight).Pointer,
            Output = output.Pointer,
            SourceRows = sources is null ? default : device.Upload<int>(sources).Pointer,
            RowCount = device.Upload(rows).Pointer,
            Hidden = hidden,
            Epsilon = Epsilon,
        };
        new RmsNorm(device.Compiler, hidden, format.IsF16).Launch(parameters, maxRows, device.Stream);
        return (device.Download(residualOnDevice), device.Download(output));
    }
}
