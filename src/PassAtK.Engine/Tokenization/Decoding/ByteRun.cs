namespace PassAtK.Engine.Tokenization.Decoding;

/// <summary>The byte tokens of a run not finished yet. Runs that begin alike share their nodes, so a copy costs nothing.</summary>
internal sealed class ByteRun(ByteRun? before, byte last)
{
    public int Length { get; } = 1 + (before?.Length ?? 0);

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        var run = this;
        for (var i = Length - 1; run is not null; i--)
            (bytes[i], run) = (run.Last, run.Before);
        return bytes;
    }

    private ByteRun? Before => before;

    private byte Last => last;
}
