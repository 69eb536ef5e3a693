namespace PassAtK.Cuda;

/// <summary>A product of one shape as a library offers it, on data whose results tell apart in what order an algorithm adds.</summary>
/// <typeparam name="TAlgorithm">One of the library's ways to make the product.</typeparam>
internal interface IProductTrial<TAlgorithm>
    where TAlgorithm : class
{
    /// <summary>
    /// What the library proposes at a row count, its best first. The same whenever device, library version and shape are.
    /// </summary>
    IReadOnlyList<TAlgorithm> Propose(int rows);

    /// <summary>
    /// SHA-256 of the bits that the trial's rows come out with at a row count; null where the algorithm does not serve it, or where a row
    /// comes out differently in another place.
    /// </summary>
    string? Fingerprint(TAlgorithm algorithm, int rows);

    /// <summary>How long the product takes; infinite where the algorithm does not serve the row count.</summary>
    double Milliseconds(TAlgorithm algorithm, int rows);
}
