namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>Reads `\begin{pmatrix} a &amp; b \\ c &amp; d \end{pmatrix}` and its kin; systems (`cases`, `aligned`) become lists.</summary>
internal sealed class EnvironmentParser(TokenReader tokens, ExpressionParser expressions)
{
    public Expression Read(string environment)
    {
        var rows = new List<IReadOnlyList<Expression>>();
        var row = new List<Expression>();
        while (!tokens.AtEnd && tokens.Next.Text != "end:" + environment)
        {
            if (tokens.TryTake(LatexSymbols.NewRow))
            {
                EndRow(rows, row);
                row = [];
            }
            else if (!tokens.TryTake('&') && !tokens.TryTake(',') && !tokens.TryTake(';'))
            {
                row.Add(expressions.Relation());
            }
        }
        tokens.Take();
        EndRow(rows, row);
        return environment switch
        {
            "pmatrix" or "bmatrix" or "matrix" or "array" or "Bmatrix" or "smallmatrix" when IsRectangle(rows) => new Matrix(rows),
            "vmatrix" when IsRectangle(rows) => new Call("det", [new Matrix(rows)]),
            "cases" or "aligned" or "align" or "gathered" or "array" or "split" when rows.Count > 0 => Sequence.List([.. rows.SelectMany(items => items)]),
            _ => throw new UnreadableException(),
        };
    }

    private static void EndRow(List<IReadOnlyList<Expression>> rows, List<Expression> row)
    {
        if (row.Count > 0)
            rows.Add(row);
    }

    private static bool IsRectangle(List<IReadOnlyList<Expression>> rows) =>
        rows.Count > 0 && rows.TrueForAll(row => row.Count == rows[0].Count);
}
