using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using PassAtK.Cuda;
using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Cuda;

/// <summary>
/// Uploads a checkpoint through two pinned buffers: while one is on its way to the device, several threads read the next rows from disk
/// into the other. Memory beside the device's own is those two buffers, whatever the size of the model.
/// </summary>
internal sealed class WeightUpload : IDisposable
{
    /// <summary>Bytes of a staging buffer: enough for the bus to run at full speed.</summary>
    private const long StagingBytes = 32 << 20;

    /// <summary>Threads that fill a buffer: past this, memory and not they are what is slow.</summary>
    private const int MostReaders = 8;

    private readonly WeightLayout _layout;
    private readonly int _leastPiece;
    private readonly CudaStream _stream;
    private readonly PinnedBuffer<byte>[] _staging = new PinnedBuffer<byte>[2];
    private readonly CudaEvent[] _sent = new CudaEvent[2];
    private int _turn;

    /// <param name="context">The device.</param>
    /// <param name="layout">What goes where.</param>
    /// <param name="leastPiece">Fewest bytes that are worth a thread of their own.</param>
    /// <exception cref="CudaException">There is no pinned memory left.</exception>
    public WeightUpload(CudaContext context, WeightLayout layout, int leastPiece = 1 << 20)
    {
        (_layout, _leastPiece) = (layout, leastPiece);
        _stream = new CudaStream(context);
        try
        {
            var widest = layout.Places.Max(place => place.RowBytes);
            for (var i = 0; i < 2; i++)
            {
                _staging[i] = new PinnedBuffer<byte>(context, Math.Max(Math.Min(StagingBytes, layout.Size), widest));
                _sent[i] = new CudaEvent(context);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Fills <paramref name="memory"/> with the tensors of <paramref name="source"/>, and zeros between them.</summary>
    public void Run(IWeightSource source, CudaDeviceVariable<byte> memory)
    {
        _stream.Fill(memory.Pointer, 0, memory.SizeInBytes);
        foreach (var place in _layout.Places)
        {
            var tensor = source.Get(place.Tensor, place.Rows, place.Columns);
            if (place.IsVector)
                SendVector(tensor, place, memory);
            else
                SendMatrix(tensor, place, memory);
            tensor.Release();
        }
        _stream.Synchronize();
    }

    public void Dispose()
    {
        try
        {
            _stream.Synchronize();
        }
        catch (CudaException)
        {
            // Whoever sees this disposed early has the cause at hand.
        }
        foreach (var buffer in _staging)
            buffer?.Dispose();
        foreach (var sent in _sent)
            sent?.Dispose();
        _stream.Dispose();
    }

    private void SendMatrix(WeightTensor tensor, WeightPlace place, CudaDeviceVariable<byte> memory)
    {
        var most = (int)Math.Min(place.Rows, _staging[0].Length / place.RowBytes);
        for (var row = 0; row < place.Rows; row += most)
        {
            var count = Math.Min(most, place.Rows - row);
            ReadRows(tensor, row, count, place.RowBytes, Next());
            Send(memory.Pointer + place.Offset + ((long)row * place.RowBytes), (long)count * place.RowBytes);
        }
    }

    private void SendVector(WeightTensor tensor, WeightPlace place, CudaDeviceVariable<byte> memory)
    {
        var values = MemoryMarshal.Cast<byte, float>(Next().Span)[..place.Columns];
        tensor.ReadSingles(0, values);
        Send(memory.Pointer + place.Offset, place.Columns * sizeof(float));
    }

    /// <summary>Fills the buffer's start with rows, each thread a range of them.</summary>
    private void ReadRows(WeightTensor tensor, int firstRow, int count, int rowBytes, PinnedBuffer<byte> buffer)
    {
        var pieces = (int)Math.Clamp((long)count * rowBytes / _leastPiece, 1, Math.Min(MostReaders, count));
        try
        {
            Parallel.For(0, pieces, piece =>
            {
                var (from, end) = ((int)((long)count * piece / pieces), (int)((long)count * (piece + 1) / pieces));
                ReadRows(tensor, firstRow + from, rowBytes, buffer.Span[(from * rowBytes)..(end * rowBytes)]);
            });
        }
        catch (AggregateException error)
        {
            ExceptionDispatchInfo.Throw(error.InnerException!);
        }
    }

    private static void ReadRows(WeightTensor tensor, int firstRow, int rowBytes, Span<byte> destination)
    {
        if (tensor.RowLength == rowBytes)
        {
            tensor.ReadRows(firstRow, destination);
            return;
        }
        destination.Clear();
        for (var row = 0; row * rowBytes < destination.Length; row++)
            tensor.ReadRows(firstRow + row, destination.Slice(row * rowBytes, tensor.RowLength));
    }

    /// <summary>The other buffer, once what it held has reached the device.</summary>
    private PinnedBuffer<byte> Next()
    {
        _turn ^= 1;
        _sent[_turn].Synchronize();
        return _staging[_turn];
    }

    private void Send(DevicePointer destination, long bytes)
    {
        _stream.CopyToDevice(_staging[_turn], 0, destination, bytes);
        _sent[_turn].Record(_stream);
    }
}
