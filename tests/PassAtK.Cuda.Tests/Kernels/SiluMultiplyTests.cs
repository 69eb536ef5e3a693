using PassAtK.Cuda.Kernels;

namespace PassAtK.Cuda.Tests.Kernels;

public class SiluMultiplyTests
{
    [Fact]
    public void The_gate_goes_through_silu_and_multiplies_the_up_half() => KernelDevice.InEachMode(device =>
    {
        var random = new RandomRows(5);
        foreach (var format in ElementFormat.All)
        {
            foreach (var width in (int[])[1, 8, 70, 1024, 1100])
                Check(device, random, format, width);
        }
    });

    private static void Check(KernelDevice device, RandomRows random, ElementFormat format, int width)
    {
        const int maxRows = 5;
        var stride = RowLayout.Stride(width);
        var rows = random.Int(1, maxRows);
        // Gates up to about 200, where e^-x leaves the range of F32 on either side.
        var gateUp = random.Elements(format, maxRows * 2 * stride, random.Pick(1, 60));
        var output = device.Upload<ushort>(RandomRows.Poisoned(maxRows * stride));
        var parameters = new SiluMultiplyParams
        {
            GateUp = device.Upload<ushort>(gateUp).Pointer,
            Output = output.Pointer,
            RowCount = device.Upload(rows).Pointer,
            Width = width,
        };
        new SiluMultiply(device.Compiler, format.IsF16).Launch(parameters, maxRows, device.Stream);

        var actual = device.Download(output);
        for (var row = 0; row < maxRows; row++)
        {
            for (var column = 0; column < stride; column++)
            {
                var place = (row * stride) + column;
                if (row >= rows)
                    Assert.Equal(RandomRows.Poison, actual[place]);
                else if (column >= width)
                    Assert.Equal(0, actual[place]);
                else
                {
                    double gate = format.Value(gateUp[(2 * row * stride) + column]);
                    double up = format.Value(gateUp[(2 * row * stride) + stride + column]);
                    var exact = gate / (1 + Math.Exp(-gate)) * up;
                    // The exponent -gate log2(e) is rounded to F32; below 2^-126 results may be flushed to zero.
                    var error = (Math.Abs(exact) * (1e-6 + (Math.Abs(gate) * 2e-7))) + 1e-35;
                    format.AssertRounded(exact, actual[place], error, $"{format} {width} row {row} column {column}");
                }
            }
        }
    }
}
