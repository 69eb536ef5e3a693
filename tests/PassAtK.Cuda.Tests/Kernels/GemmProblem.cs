using System.Runtime.InteropServices;
using PassAtK.Cuda.Kernels;

namespace PassAtK.Cuda.Tests.Kernels;

/// <summary>A random product, its rows in buffers with gaps, and what it must come to in float64.</summary>
internal sealed class GemmProblem
{
    private readonly ElementFormat _format;
    private readonly int _maxRows;
    private readonly int _rows;
    private readonly int _outputs;
    private readonly int _inputs;
    private readonly int _inputStride;
    private readonly int _outputStride;
    private readonly ushort[] _input;
    private readonly ushort[] _weight;
    private readonly float[]? _bias;

    public GemmProblem(RandomRows random, ElementFormat format, int maxRows, int outputs, int inputs)
    {
        (_format, _maxRows, _outputs, _inputs) = (format, maxRows, outputs, inputs);
        _rows = random.Int((maxRows + 1) / 2, maxRows);
        _inputStride = inputs + (8 * random.Int(0, 2));
        _outputStride = RowLayout.Stride(outputs) + (8 * random.Int(0, 2));
        _input = random.Elements(format, maxRows * _inputStride);
        _weight = random.Elements(format, outputs * inputs);
        _bias = random.Coin() ? random.Floats(outputs) : null;
        // What rows and columns outside the product hold must not matter.
        for (var row = 0; row < maxRows; row++)
            _input.AsSpan(row * _inputStride, _inputStride)[(row < _rows ? inputs : 0)..].Fill(RandomRows.Poison);
    }

    /// <summary>A BF16 row, exactly representable, that is summed by a weight of ones.</summary>
    public GemmProblem(float[] row)
    {
        (_format, _maxRows, _rows, _outputs, _inputs) = (ElementFormat.All[0], 1, 1, 1, row.Length);
        (_inputStride, _outputStride) = (row.Length, RowLayout.Stride(1));
        _input = Array.ConvertAll(row, _format.Round);
        _weight = new ushort[row.Length];
        _weight.AsSpan().Fill(_format.Round(1));
    }

    private GemmProblem(GemmProblem whole, int row)
    {
        (_format, _maxRows, _rows, _outputs, _inputs) = (whole._format, 1, 1, whole._outputs, whole._inputs);
        (_inputStride, _outputStride, _weight, _bias) = (whole._inputStride, whole._outputStride, whole._weight, whole._bias);
        _input = whole._input[(row * _inputStride)..((row + 1) * _inputStride)];
    }

    /// <summary>How many of the padded rows there are.</summary>
    public int Rows => _rows;

    /// <summary>The same product with one of its rows.</summary>
    public GemmProblem Only(int row) => new(this, row);

    /// <summary>The whole output buffer as 16-bit words: elements, or the halves of F32.</summary>
    public ushort[] Run(KernelDevice device, GemmTile tile, bool outputF32)
    {
        var output = device.Upload<ushort>(RandomRows.Poisoned(_maxRows * _outputStride * (outputF32 ? 2 : 1)));
        var parameters = new GemmParams
        {
            Input = device.Upload<ushort>(_input).Pointer,
            Weight = device.Upload<ushort>(_weight).Pointer,
            Bias = _bias is null ? default : device.Upload<float>(_bias).Pointer,
            Output = output.Pointer,
            RowCount = device.Upload(_rows).Pointer,
            Outputs = _outputs,
            Inputs = _inputs,
            InputStride = _inputStride,
            OutputStride = _outputStride,
        };
        new Gemm(device.Compiler, 1, _format.IsF16, outputF32).Launch(parameters, _maxRows, tile, device.Stream);
        return device.Download(output);
    }

    /// <summary>Asserts what a tile makes of the product, and that it writes nothing else.</summary>
    public void Check(KernelDevice device, GemmTile tile, bool outputF32)
    {
        var words = Run(device, tile, outputF32);
        var floats = outputF32 ? MemoryMarshal.Cast<ushort, float>(words) : default;
        for (var row = 0; row < _maxRows; row++)
        {
            for (var column = 0; column < _outputStride; column++)
            {
                var place = (row * _outputStride) + column;
                if (row >= _rows || column >= _outputs)
                {
                    Assert.Equal(RandomRows.Poison, words[outputF32 ? 2 * place : place]);
                    continue;
                }
                var (exact, error) = Exact(row, column);
                var what = $"{_format} {_rows} of {_maxRows} rows, {_outputs} x {_inputs}, {tile}: [{row}, {column}]";
                if (outputF32)
                    Assert.True(Math.Abs(floats[place] - exact) <= error, $"{what}: {floats[place]:R}, exactly {exact:R}, allowed {error:R}");
                else
                    _format.AssertRounded(exact, words[place], error, what);
            }
        }
    }

    /// <summary>The sum, and how far one of F32 may be from it: each step of 16 products loses at most a unit of the magnitudes added so far.</summary>
    private (double Sum, double Error) Exact(int row, int column)
    {
        double sum = _bias?[column] ?? 0;
        var magnitude = Math.Abs(sum);
        for (var index = 0; index < _inputs; index++)
        {
            var product = (double)_format.Value(_input[(row * _inputStride) + index]) * _format.Value(_weight[(column * _inputs) + index]);
            sum += product;
            magnitude += Math.Abs(product);
        }
        return (sum, magnitude * ((_inputs / 16) + 16) * Math.ScaleB(1, -23));
    }
}
