namespace PassAtK.Cuda;

/// <summary>
/// The names of the last few launches. Kernels run later than they are launched, so an error that a wait reports belongs to one of
/// these. Adding allocates nothing.
/// </summary>
internal sealed class LaunchHistory
{
    private readonly string?[] _names = new string?[8];
    private int _count;

    public bool IsEmpty => _count == 0;

    public void Add(string name)
    {
        _names[_count & (_names.Length - 1)] = name;
        _count++;
    }

    public override string ToString()
    {
        var shown = Math.Min(_count, _names.Length);
        return string.Join(", ", Enumerable.Range(1, shown).Select(back => _names[(_count - back) & (_names.Length - 1)]));
    }
}
