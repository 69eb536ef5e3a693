using System.Numerics;
using PassAtK.Cuda;
using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Cuda;

/// <summary>Cosine and sine of each pair of dimensions at each position: `[positions, HeadDimension / 2]` pairs of F32.</summary>
internal sealed class RotaryTable : IDisposable
{
    private readonly CudaDeviceVariable<Vector2> _memory;

    public RotaryTable(CudaContext context, ModelConfig config, int positions)
    {
        Positions = positions;
        var frequencies = RopeFrequencies.Of(config.Rope, config.HeadDimension);
        var magnitude = RopeFrequencies.Magnitude(config.Rope);
        var table = new Vector2[(long)positions * frequencies.Length];
        Parallel.For(0, positions, position =>
        {
            for (var i = 0; i < frequencies.Length; i++)
            {
                var (sine, cosine) = Math.SinCos(position * frequencies[i]);
                table[((long)position * frequencies.Length) + i] = new Vector2((float)(cosine * magnitude), (float)(sine * magnitude));
            }
        });
        _memory = DeviceAllocation.Of<Vector2>(context, table.Length, "the rotary table");
        try
        {
            _memory.CopyFrom(table);
        }
        catch
        {
            _memory.Dispose();
            throw;
        }
    }

    public int Positions { get; }

    public DevicePointer Pointer => _memory.Pointer;

    public long Size => _memory.SizeInBytes;

    public void Dispose() => _memory.Dispose();
}
