namespace PassAtK.Cuda;

/// <summary>Buffers and clocks to try a product's algorithms with. Every row of the input is the same random row.</summary>
internal sealed class ProjectionTrial : IDisposable
{
    private const int Repeats = 5;

    private readonly ProjectionShape _shape;
    private readonly CudaDeviceVariable<ushort> _input;
    private readonly CudaDeviceVariable<byte> _output;
    private readonly CudaStream _stream;
    private readonly CudaEvent _begin;
    private readonly CudaEvent _end;

    public ProjectionTrial(CudaContext context, ProjectionShape shape, int maxRows)
    {
        _shape = shape;
        _input = new CudaDeviceVariable<ushort>(context, (long)maxRows * shape.InputStride);
        _output = new CudaDeviceVariable<byte>(context, (long)maxRows * shape.OutputStride * shape.OutputBytes);
        _stream = new CudaStream(context);
        _begin = new CudaEvent(context, timing: true);
        _end = new CudaEvent(context, timing: true);
        var random = new Random(shape.Inputs);
        var row = new ushort[shape.InputStride];
        for (var i = 0; i < shape.Inputs; i++)
        {
            var value = random.NextSingle() * 2 - 1;
            row[i] = shape.ElementF16 ? BitConverter.HalfToUInt16Bits((Half)value) : (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16);
        }
        for (var i = 0; i < maxRows; i++)
            _input.CopyFrom(row, (long)i * shape.InputStride);
    }

    public DevicePointer Input => _input.Pointer;

    public DevicePointer Output => _output.Pointer;

    /// <summary>Whether all rows at all row counts come out with the same bits, as equal inputs should.</summary>
    public bool IsSameAtEveryRowCount(ReadOnlySpan<int> rowCounts, Action<int, CudaStream> run)
    {
        var width = _shape.Outputs * _shape.OutputBytes;
        byte[]? expected = null;
        var row = new byte[width];
        foreach (var rows in rowCounts)
        {
            _output.Fill(0xff, _stream);
            run(rows, _stream);
            _stream.Synchronize();
            for (var i = 0; i < rows; i++)
            {
                _output.CopyTo(row, (long)i * _shape.OutputStride * _shape.OutputBytes);
                expected ??= [.. row];
                if (!expected.AsSpan().SequenceEqual(row))
                    return false;
            }
        }
        return true;
    }

    /// <summary>The best time of a few runs.</summary>
    public double Milliseconds(Action<CudaStream> run)
    {
        run(_stream);
        var best = double.PositiveInfinity;
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            _begin.Record(_stream);
            run(_stream);
            _end.Record(_stream);
            _end.Synchronize();
            best = Math.Min(best, CudaEvent.Milliseconds(_begin, _end));
        }
        return best;
    }

    public void Dispose()
    {
        _input.Dispose();
        _output.Dispose();
        _stream.Dispose();
        _begin.Dispose();
        _end.Dispose();
    }
}
