namespace PassAtK.Cuda;

/// <summary>The extent of a grid in blocks, or of a block in threads.</summary>
public readonly record struct Dim3(int X, int Y = 1, int Z = 1)
{
    public long Count => (long)X * Y * Z;

    public override string ToString() => $"({X}, {Y}, {Z})";
}
