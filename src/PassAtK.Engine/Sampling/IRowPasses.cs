namespace PassAtK.Engine.Sampling;

/// <summary>
/// The vector passes over a row of logits. Masses are sums in a fixed order: four weights 16 apart in single precision, those in eight
/// running sums in double precision, those as a tree.
/// </summary>
internal interface IRowPasses
{
    /// <summary>Logits in a segment.</summary>
    const int SegmentSize = 1024;

    /// <summary>Groups of a segment: the logits whose ids are equal modulo 16.</summary>
    const int SegmentGroups = 16;

    /// <summary>Groups of so many logits.</summary>
    static int GroupCount(int count) => (count + SegmentSize - 1) / SegmentSize * SegmentGroups;

    /// <summary>
    /// The largest logit, and the largest of each group. False when a logit is NaN or +infinity or none is finite.
    /// </summary>
    bool Maximum(TokenRow row, Span<float> groups, out float maximum);

    /// <summary>Writes weights e^(factor (logit - maximum)) and returns their mass.</summary>
    double Weigh(TokenRow row, float maximum, ExpScale scale);

    /// <summary>As <see cref="Weigh(TokenRow, float, ExpScale)"/>, with the mass at factor 1 beside it.</summary>
    double Weigh(TokenRow row, float maximum, ExpScale scale, out double naturalMass);

    /// <summary>Number and mass of the logits of at least the threshold, which is finite.</summary>
    (int Count, double Mass) Measure(TokenRow row, float threshold);

    /// <summary>
    /// Indices, ascending, of the logits in [low, high), low finite. Returns their number, or -1 when they do not fit.
    /// </summary>
    int Collect(TokenRow row, float low, float high, Span<int> indices);

    /// <summary>
    /// Zeroes the weights of what the cutoff removes and writes the running mass of the rest after each block. Within a block all
    /// additions are in double precision.
    /// </summary>
    void Accumulate(TokenRow row, Cutoff cutoff, Span<double> masses);
}
