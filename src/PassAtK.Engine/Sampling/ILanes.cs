namespace PassAtK.Engine.Sampling;

/// <summary>
/// Sixteen floats, in as many registers as the machine needs for them. A pass over a row is written once against this shape, so every
/// machine adds the same numbers in the same order and gets the same bits.
/// </summary>
/// <typeparam name="TSelf">The sixteen floats.</typeparam>
/// <typeparam name="TSums">Eight running sums in double precision; its default is zero.</typeparam>
internal interface ILanes<TSelf, TSums>
    where TSelf : struct, ILanes<TSelf, TSums>
    where TSums : struct
{
    static abstract TSelf Broadcast(float value);

    /// <summary>The sixteen floats that start <paramref name="offset"/> elements after <paramref name="first"/>.</summary>
    static abstract TSelf Load(ref readonly float first, int offset);

    void Store(ref float first, int offset);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    /// <summary>The larger of each pair; unspecified where either is NaN.</summary>
    static abstract TSelf Max(TSelf left, TSelf right);

    /// <summary>See <see cref="VectorExp"/>.</summary>
    TSelf ExpOfNonPositive(in ExpScale scale);

    /// <summary>Bit i is set where lane i is at least the threshold's; never for NaN.</summary>
    uint AtLeast(TSelf threshold);

    /// <summary>Bit i is set where lane i is at most the limit's; never for NaN.</summary>
    uint AtMost(TSelf limit);

    /// <summary>The lanes whose key is at least the threshold, 0 elsewhere.</summary>
    TSelf WhereAtLeast(TSelf key, TSelf threshold);

    /// <summary>Sum j takes lanes j and j + 8.</summary>
    static abstract TSums Accumulate(TSums sums, TSelf lanes);

    /// <summary>The eight sums added as a tree: j with j + 4, then j with j + 2, then j with j + 1.</summary>
    static abstract double Total(TSums sums);
}
