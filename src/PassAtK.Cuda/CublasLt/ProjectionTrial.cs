using System.Security.Cryptography;
using PassAtK.Cuda.Interop;

namespace PassAtK.Cuda;

/// <summary>Runs cuBLASLt's algorithms for a shape over <see cref="TrialData"/>, in memory of its own.</summary>
internal sealed class ProjectionTrial : IProductTrial<ProductAlgorithm>, IDisposable
{
    private const int Repeats = 5;

    /// <summary>
    /// More than the L2 of any GPU: written before each timed run, so that weights come from memory as they do in a model.
    /// </summary>
    private const long SweepBytes = 256L << 20;

    private readonly CublasLt _library;
    private readonly ProjectionShape _shape;
    private readonly int _maxRows;
    private readonly Stack<IDisposable> _owned = [];
    private readonly CudaDeviceVariable<ushort> _weight;
    private readonly CudaDeviceVariable<ushort> _input;
    private readonly CudaDeviceVariable<ushort> _few;
    private readonly CudaDeviceVariable<byte> _output;
    private readonly CudaDeviceVariable<byte> _sweep;
    private readonly ProductDescription _product;
    private readonly CudaStream _stream;
    private readonly CudaEvent _begin;
    private readonly CudaEvent _end;
    private readonly byte[] _seen;
    private readonly byte[] _row;

    /// <exception cref="CudaException">The device has not the memory for a second weight of this shape.</exception>
    public ProjectionTrial(CublasLt library, ProjectionShape shape, int maxRows)
    {
        (_library, _shape, _maxRows) = (library, shape, Math.Max(maxRows, ProductChoice.ClassRows[^1]));
        var context = library.Context;
        _row = new byte[shape.Outputs * shape.OutputBytes];
        _seen = new byte[TrialData.Rows * _row.Length];
        try
        {
            _weight = Own(new CudaDeviceVariable<ushort>(context, (long)shape.Outputs * shape.Inputs));
            _input = Own(new CudaDeviceVariable<ushort>(context, (long)(_maxRows + (2 * TrialData.Rows)) * shape.InputStride));
            _few = Own(new CudaDeviceVariable<ushort>(context, TrialData.Rows * (long)shape.InputStride));
            _output = Own(new CudaDeviceVariable<byte>(context, (long)_maxRows * shape.OutputStride * shape.OutputBytes));
            _sweep = Own(new CudaDeviceVariable<byte>(context, Math.Min(SweepBytes, context.Memory().Free / 2)));
            var biases = BiasBytes.Of(TrialData.Biases(shape), shape);
            var bias = Own(new CudaDeviceVariable<byte>(context, biases.Length));
            bias.CopyFrom(biases);
            _product = Own(new ProductDescription(shape, bias.Pointer));
            _stream = Own(new CudaStream(context));
            _begin = Own(new CudaEvent(context, timing: true));
            _end = Own(new CudaEvent(context, timing: true));
            Repeat(_weight, TrialData.Weights(shape));
            Repeat(_input, TrialData.Inputs(shape));
            _stream.Synchronize();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IReadOnlyList<ProductAlgorithm> Propose(int rows) => ProductAlgorithmSearch.Candidates(_library, _product, rows);

    public string? Fingerprint(ProductAlgorithm algorithm, int rows)
    {
        if (!ProductAlgorithmSearch.Serves(_library, _product, algorithm, rows))
            return null;
        var seen = 0;
        // A product of fewer rows than there are inputs is run until each input has had its turn.
        for (var first = 0; first < TrialData.Rows; first += rows)
        {
            var input = rows < TrialData.Rows ? Few(first, rows) : _input.Pointer;
            _output.Fill(0xff, _stream);
            if (!Run(algorithm, input, rows))
                return null;
            _stream.Synchronize();
            foreach (var place in TrialData.Places(rows))
            {
                var source = (first + place) % TrialData.Rows;
                _output.CopyTo(_row, (long)place * _shape.OutputStride * _shape.OutputBytes);
                var expected = _seen.AsSpan(source * _row.Length, _row.Length);
                if ((seen & (1 << source)) == 0)
                    _row.CopyTo(expected);
                else if (!expected.SequenceEqual(_row))
                    return null;
                seen |= 1 << source;
            }
        }
        return Convert.ToHexStringLower(SHA256.HashData(_seen));
    }

    /// <summary>The best time of a few runs.</summary>
    public double Milliseconds(ProductAlgorithm algorithm, int rows)
    {
        var best = double.PositiveInfinity;
        if (!ProductAlgorithmSearch.Serves(_library, _product, algorithm, rows))
            return best;
        for (var repeat = 0; repeat <= Repeats; repeat++)
        {
            _sweep.Fill((byte)repeat, _stream);
            _begin.Record(_stream);
            if (!Run(algorithm, _input.Pointer, rows))
                return double.PositiveInfinity;
            _end.Record(_stream);
            _end.Synchronize();
            // The first run may load the algorithm's code.
            if (repeat > 0)
                best = Math.Min(best, CudaEvent.Milliseconds(_begin, _end));
        }
        return best;
    }

    public void Dispose()
    {
        while (_owned.TryPop(out var owned))
            owned.Dispose();
    }

    /// <summary>False where the library refuses; a fault of the device throws.</summary>
    private bool Run(ProductAlgorithm algorithm, DevicePointer input, int rows)
    {
        var status = _library.Multiply(_product, algorithm, _weight.Pointer, input, _output.Pointer, rows, _stream);
        if (status is not 0 && !CublasLt.IsRefusal(status))
            throw _library.Failure(status, $"cublasLtMatmul of {_shape} at {rows} rows with {algorithm.Description}");
        if (status is CublasLtApi.ExecutionFailed or CublasLtApi.InternalError)
            _library.Context.Synchronize(); // such a status may stand for a fault of the device, which every call from here on tells
        return status == 0;
    }

    /// <summary>Inputs from the `first` on at the beginning of an allocation, where algorithms may expect them.</summary>
    private DevicePointer Few(int first, int rows)
    {
        _stream.CopyOnDevice(_input.At((long)first * _shape.InputStride), _few.Pointer, (long)rows * _shape.InputStride * sizeof(ushort));
        return _few.Pointer;
    }

    /// <summary>Fills with copies of a block by doubling what is there.</summary>
    private void Repeat(CudaDeviceVariable<ushort> memory, ushort[] block)
    {
        var done = Math.Min(block.Length, memory.Length);
        memory.CopyFrom(block.AsSpan(0, (int)done));
        for (; done < memory.Length; done = Math.Min(2 * done, memory.Length))
        {
            var more = Math.Min(done, memory.Length - done);
            _stream.CopyOnDevice(memory.Pointer, memory.At(done), more * sizeof(ushort));
        }
    }

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Push(owned);
        return owned;
    }
}
