using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Cpu;

/// <summary>
/// Cosines and sines of the rotary embedding, `[positions, HeadDimension / 2]` each, computed in F64 and rounded once. Grows by doubling
/// to the positions in use.
/// </summary>
internal sealed class RopeTable(ModelConfig config) : IDisposable
{
    private readonly double[] _frequencies = RopeFrequencies.Of(config.Rope, config.HeadDimension);
    private readonly double _magnitude = RopeFrequencies.Magnitude(config.Rope);
    private NativeBuffer _cosines = new(0);
    private NativeBuffer _sines = new(0);

    /// <summary>Positions that the table covers.</summary>
    public int Positions { get; private set; }

    public NativeBuffer Cosines => _cosines;

    public NativeBuffer Sines => _sines;

    public long Size => _cosines.Size + _sines.Size;

    /// <summary>Makes the table cover at least the positions below <paramref name="positions"/>.</summary>
    public void Cover(int positions)
    {
        if (positions <= Positions)
            return;
        Positions = Math.Max(positions, Math.Min(Math.Max(2 * Positions, 512), config.MaxPositions));
        Dispose();
        _cosines = NativeBuffer.OfFloats((long)Positions * _frequencies.Length);
        _sines = NativeBuffer.OfFloats((long)Positions * _frequencies.Length);
        for (var position = 0; position < Positions; position++)
        {
            var cosines = _cosines.Span<float>((long)position * _frequencies.Length, _frequencies.Length);
            var sines = _sines.Span<float>((long)position * _frequencies.Length, _frequencies.Length);
            for (var i = 0; i < _frequencies.Length; i++)
            {
                var (sine, cosine) = Math.SinCos(position * _frequencies[i]);
                cosines[i] = (float)(cosine * _magnitude);
                sines[i] = (float)(sine * _magnitude);
            }
        }
    }

    public void Dispose()
    {
        _cosines.Dispose();
        _sines.Dispose();
    }
}
