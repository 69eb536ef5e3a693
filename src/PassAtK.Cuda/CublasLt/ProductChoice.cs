namespace PassAtK.Cuda;

/// <summary>
/// The algorithms for a product's row counts, all of one bit class: they give a row the same bits. The class comes first, from what the
/// library proposes for a fixed row count; the clock decides only between algorithms of the class. So the bits depend on device, library
/// version and shape, not on timing, on what was kept, or on the row counts asked for.
/// </summary>
/// <param name="BitClass">Fingerprint of the class.</param>
/// <param name="Representative">
/// The algorithm that defines the class; serves every row count of <see cref="ProductChoice.ClassRows"/>.
/// </param>
/// <param name="Rungs">One for each row count, ascending.</param>
internal sealed record ProductChoice<TAlgorithm>(
    string BitClass, TAlgorithm Representative, IReadOnlyList<ProductRung<TAlgorithm>> Rungs)
    where TAlgorithm : class;

/// <summary>Chooses a <see cref="ProductChoice{TAlgorithm}"/>.</summary>
internal static class ProductChoice
{
    /// <summary>The row count whose proposals are candidates for the class.</summary>
    public const int ProposalRows = 64;

    /// <summary>
    /// A class's representative gives the same bits at all of these. Fixed: the class must not follow a caller's row counts.
    /// </summary>
    public static IReadOnlyList<int> ClassRows { get; } = [1, 2, 4, 8, 16, 24, 32, 48, 64, 96, 128, 192, 256];

    /// <param name="trial">The product.</param>
    /// <param name="rows">Row counts to serve.</param>
    /// <param name="kept">
    /// An earlier choice for the product, to save time; one whose bits are no longer those of its class is dropped.
    /// </param>
    /// <returns>A choice for `rows` and what was kept besides; null where no algorithm leaves a row to itself.</returns>
    public static ProductChoice<TAlgorithm>? Choose<TAlgorithm>(
        IProductTrial<TAlgorithm> trial, IReadOnlyCollection<int> rows, ProductChoice<TAlgorithm>? kept = null)
        where TAlgorithm : class
    {
        if (kept is not null && Extend(trial, kept, rows) is { } extended)
            return extended;
        return FindClass(trial) is { } found ? Extend(trial, found, rows) : null;
    }

    /// <summary>The first proposal that gives a row the same bits at every one of <see cref="ProductChoice.ClassRows"/>.</summary>
    private static ProductChoice<TAlgorithm>? FindClass<TAlgorithm>(IProductTrial<TAlgorithm> trial)
        where TAlgorithm : class
    {
        foreach (var candidate in trial.Propose(ProposalRows))
        {
            if (trial.Fingerprint(candidate, ProposalRows) is { } bits && ClassRows.All(rows => trial.Fingerprint(candidate, rows) == bits))
                return new ProductChoice<TAlgorithm>(bits, candidate, []);
        }
        return null;
    }

    /// <summary>
    /// Verifies the rungs asked for that are there and adds those that are not; null where one does not have the class's bits.
    /// </summary>
    private static ProductChoice<TAlgorithm>? Extend<TAlgorithm>(
        IProductTrial<TAlgorithm> trial, ProductChoice<TAlgorithm> choice, IReadOnlyCollection<int> rows)
        where TAlgorithm : class
    {
        var rungs = new SortedDictionary<int, ProductRung<TAlgorithm>>(choice.Rungs.ToDictionary(rung => rung.Rows));
        foreach (var count in rows)
        {
            // Either way it has run once: nothing is left to be loaded when a graph is captured.
            var rung = rungs.TryGetValue(count, out var there) ? Verified(trial, choice, there) : Fastest(trial, choice, count);
            if (rung is null)
                return null;
            rungs[count] = rung.Value;
        }
        return choice with { Rungs = [.. rungs.Values] };
    }

    private static ProductRung<TAlgorithm>? Verified<TAlgorithm>(
        IProductTrial<TAlgorithm> trial, ProductChoice<TAlgorithm> choice, ProductRung<TAlgorithm> rung)
        where TAlgorithm : class => trial.Fingerprint(rung.Algorithm, rung.PieceRows) == choice.BitClass ? rung : null;

    private static ProductRung<TAlgorithm>? Fastest<TAlgorithm>(IProductTrial<TAlgorithm> trial, ProductChoice<TAlgorithm> choice, int rows)
        where TAlgorithm : class
    {
        var candidates = trial.Propose(rows).Append(choice.Representative).Distinct();
        foreach (var candidate in candidates.OrderBy(candidate => trial.Milliseconds(candidate, rows)).ToList())
        {
            if (trial.Fingerprint(candidate, rows) == choice.BitClass)
                return new ProductRung<TAlgorithm>(rows, rows, candidate);
        }
        var piece = ClassRows.LastOrDefault(count => count < rows);
        return piece > 0 && Fastest(trial, choice, piece) is { } smaller ? smaller with { Rows = rows } : null;
    }
}
