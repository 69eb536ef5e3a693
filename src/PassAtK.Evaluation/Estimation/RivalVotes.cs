namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// The joint distribution of how many votes an answer's rivals received together and how many of them received exactly as many as it did,
/// none having received more. One row for each number of ties, each holding only the votes that are not negligible.
/// </summary>
/// <param name="own">The votes of the answer itself.</param>
/// <param name="most">Votes left for all others.</param>
/// <param name="negligible">Probabilities below this are dropped.</param>
internal sealed class RivalVotes(int own, int most, double negligible)
{
    private List<Row> _rows = [new Row(0, [1])];

    /// <summary>No outcome is left that leaves the answer unbeaten.</summary>
    public bool IsEmpty => _rows.TrueForAll(row => row.Values.Length == 0);

    /// <summary>
    /// Adds a rival that receives so many votes; outcomes in which it has more than the answer drop out, and those with fewer than
    /// <paramref name="least"/> votes together, which the others could not complete.
    /// </summary>
    public void Multiply(BinomialWindow rival, int least)
    {
        if (IsEmpty)
            return;
        var rows = new List<Row>(_rows.Count + 1);
        var tie = rival[own];
        for (var ties = 0; ties <= _rows.Count; ties++)
        {
            var row = ties < _rows.Count ? _rows[ties] : Row.Empty;
            var tied = ties > 0 ? _rows[ties - 1] : Row.Empty;
            rows.Add(Next(row, tied, rival, tie, least));
        }
        while (rows.Count > 1 && rows[^1].Values.Length == 0)
            rows.RemoveAt(rows.Count - 1);
        _rows = rows;
    }

    /// <summary>The sum over outcomes that the silent ones complete to all votes, each over its number of tied answers.</summary>
    public double Won(BinomialWindow silent)
    {
        var won = 0.0;
        for (var ties = 0; ties < _rows.Count; ties++)
        {
            var sum = 0.0;
            for (var i = 0; i < _rows[ties].Values.Length; i++)
                sum += _rows[ties].Values[i] * silent[most - _rows[ties].Low - i];
            won += sum / (ties + 1);
        }
        return won;
    }

    private Row Next(Row row, Row tied, BinomialWindow rival, double tie, int least)
    {
        var (low, high) = (int.MaxValue, int.MinValue);
        if (row.Values.Length > 0 && rival.Low < own)
            (low, high) = (row.Low + rival.Low, row.High + Math.Min(rival.High, own - 1));
        if (tied.Values.Length > 0 && tie > 0)
            (low, high) = (Math.Min(low, tied.Low + own), Math.Max(high, tied.High + own));
        (low, high) = (Math.Max(low, least), Math.Min(high, most));
        if (high < low)
            return Row.Empty;
        var values = new double[high - low + 1];
        for (var votes = Math.Min(rival.High, own - 1); votes >= rival.Low; votes--)
        {
            var first = row.Low + votes - low;
            var (skipped, start) = (Math.Max(0, -first), Math.Max(0, first));
            var length = Math.Min(row.Values.Length - skipped, values.Length - start);
            if (length > 0)
                ScaledSum.Add(values.AsSpan(start, length), row.Values.AsSpan(skipped), rival[votes]);
        }
        for (var i = Math.Max(0, low - own - tied.Low); i < tied.Values.Length && tie > 0 && tied.Low + i + own <= high; i++)
            values[tied.Low + i + own - low] += tied.Values[i] * tie;
        return new Row(low, values).Trimmed(negligible);
    }

    private readonly record struct Row(int Low, double[] Values)
    {
        public static Row Empty { get; } = new(0, []);

        public int High => Low + Values.Length - 1;

        public Row Trimmed(double negligible)
        {
            var first = Array.FindIndex(Values, value => value >= negligible);
            if (first < 0)
                return Empty;
            var last = Array.FindLastIndex(Values, value => value >= negligible);
            return new Row(Low + first, Values[first..(last + 1)]);
        }
    }
}
