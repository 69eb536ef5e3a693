namespace PassAtK.Engine.Cuda;

/// <summary>
/// The row counts that steps are captured for: 1, 2, 4, 8, then two rungs for each doubling (8 apart at least), up to the backend's most.
/// A step runs on the lowest rung that holds it, so at most a third of a large step's launch is idle.
/// </summary>
internal static class RowLadder
{
    /// <summary>The lowest rung of at least <paramref name="rows"/>: 0 for no row; never above <paramref name="maxRows"/>.</summary>
    public static int Rung(int rows, int maxRows)
    {
        if (rows <= 2)
            return rows;
        var power = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)rows);
        var between = power / 4 * 3;
        return Math.Min(power >= 32 && rows <= between ? between : power, Math.Max(maxRows, rows));
    }
}
