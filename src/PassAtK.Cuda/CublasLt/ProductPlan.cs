namespace PassAtK.Cuda;

/// <summary>
/// Which cuBLASLt algorithm makes the products of a shape at each row count: always one that gives a row the same bits, whatever the row
/// count and whatever is beside it. Verified on the device, not assumed. Weights and biases of a shape share it.
/// </summary>
public sealed class ProductPlan
{
    private readonly ProductChoice<ProductAlgorithm>? _choice;
    private readonly int[] _rows;

    private ProductPlan(ProjectionShape shape, ProductChoice<ProductAlgorithm>? choice, int[] rows) =>
        (Shape, _choice, _rows) = (shape, choice, rows);

    public ProjectionShape Shape { get; }

    /// <summary>
    /// Fingerprint of the bits that a fixed trial gives; null where cuBLASLt has no algorithm that leaves a row to itself.
    /// </summary>
    public string? BitClass => _choice?.BitClass;

    /// <summary>Shape and algorithms in words.</summary>
    public string Description => _choice is null
        ? $"{Shape}: cuBLASLt {CublasLt.Version} has no algorithm whose results do not depend on the number of rows"
        : Describe(Shape, _choice);

    internal IReadOnlyList<ProductRung<ProductAlgorithm>> Rungs => _choice?.Rungs ?? [];

    /// <summary>The row counts that it was made for.</summary>
    internal IReadOnlyList<int> Rows => _rows;

    /// <summary>Chooses by trial, in device memory for a second weight of the shape meanwhile.</summary>
    /// <param name="library">Handle and workspace.</param>
    /// <param name="shape">The products.</param>
    /// <param name="rows">The row counts that they will have, ascending.</param>
    /// <param name="cache">Where the choice is kept; without it the same is chosen, more slowly.</param>
    /// <exception cref="CudaException">The device failed or is out of memory.</exception>
    public static ProductPlan Choose(CublasLt library, ProjectionShape shape, ReadOnlySpan<int> rows, ProductAlgorithmCache cache)
    {
        int[] asked = rows.ToArray();
        var key = ProductAlgorithmCache.Key(library.Context.Device, CublasLt.Version, shape);
        var kept = cache.TryRead(key) is { } bytes ? ProductChoiceBytes.Decode(bytes, ProductAlgorithm.Size, ProductAlgorithm.FromBytes) : null;
        using var trial = new ProjectionTrial(library, shape, asked.Max());
        var choice = ProductChoice.Choose(trial, asked, kept);
        if (choice is not null && (kept is null || kept.BitClass != choice.BitClass || !kept.Rungs.SequenceEqual(choice.Rungs)))
            cache.Write(key, ProductChoiceBytes.Encode(choice, static algorithm => algorithm.ToBytes()), Describe(shape, choice));
        return new ProductPlan(shape, choice, asked);
    }

    private static string Describe(ProjectionShape shape, ProductChoice<ProductAlgorithm> choice)
    {
        var parts = new List<(int First, int Last, string Algorithm)>();
        foreach (var rung in choice.Rungs)
        {
            var algorithm = rung.Algorithm.Description + (rung.PieceRows == rung.Rows ? "" : $" {rung.PieceRows} rows at a time");
            if (parts.Count > 0 && parts[^1].Algorithm == algorithm)
                parts[^1] = parts[^1] with { Last = rung.Rows };
            else
                parts.Add((rung.Rows, rung.Rows, algorithm));
        }
        var rows = parts.Select(
            part => $"{(part.First == part.Last ? $"{part.First}" : $"{part.First} to {part.Last}")} rows by {part.Algorithm}");
        return $"{shape}: bits {choice.BitClass[..8]}; {string.Join("; ", rows)}";
    }
}
