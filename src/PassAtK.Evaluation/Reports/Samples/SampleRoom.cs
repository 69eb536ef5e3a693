namespace PassAtK.Evaluation.Reports.Samples;

/// <summary>
/// How many bytes a page has for samples. Each problem may take an equal share of what is left, so what short problems do not need goes to
/// those after them; the outcome depends on the samples alone.
/// </summary>
internal sealed class SampleRoom(long bytes, int problems)
{
    private long _bytes = bytes;
    private int _problems = problems;

    private const int FewestCharacters = 300;
    private const int MostCharacters = 6_000;

    /// <summary>Most classes of answers of one problem.</summary>
    public const int MostAnswers = 100;

    /// <summary>Bytes that the next problem may take.</summary>
    public long Share => _problems == 0 ? 0 : _bytes / _problems;

    /// <summary>Most characters of one completion: of several long ones each problem shows some.</summary>
    public int Characters => (int)Math.Clamp(Share / 4, FewestCharacters, MostCharacters);

    /// <summary>Ends a problem's turn.</summary>
    public void Take(long used)
    {
        _bytes -= used;
        _problems--;
    }
}
