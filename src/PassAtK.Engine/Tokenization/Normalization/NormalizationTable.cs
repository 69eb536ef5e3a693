namespace PassAtK.Engine.Tokenization.Normalization;

/// <summary>
/// What Unicode normalization needs to know of each code point: combining class, decompositions, compositions. .NET without ICU
/// (InvariantGlobalization) has none of it and leaves text as it is. Source: normalization.bin, which
/// tests/golden/tokenizers/normalization-table.mjs writes and describes; Hangul syllables follow the arithmetic of the Unicode
/// Standard, section 3.12.
/// </summary>
internal sealed class NormalizationTable
{
    private readonly Dictionary<int, byte> _classes = [];
    private readonly Dictionary<int, int[]> _canonical = [];
    private readonly Dictionary<int, int[]> _compatible = [];
    private readonly Dictionary<(int First, int Second), int> _compositions = [];
    private readonly HashSet<int> _unsettled = [];

    private NormalizationTable(ReadOnlySpan<byte> data)
    {
        var numbers = new Numbers(data);
        var code = 0;
        for (var runs = numbers.Next(); runs > 0; runs--)
        {
            code += numbers.Next();
            var end = code + numbers.Next();
            var combiningClass = (byte)numbers.Next();
            for (; code < end; code++)
            {
                _classes.Add(code, combiningClass);
                _unsettled.Add(code);
            }
        }
        ReadDecompositions(ref numbers, _canonical);
        ReadDecompositions(ref numbers, _compatible);
        HashSet<int> composed = [];
        for (var compositions = numbers.Next(); compositions > 0; compositions--)
        {
            var (first, second, both) = (numbers.Next(), numbers.Next(), numbers.Next());
            _compositions.Add((first, second), both);
            _unsettled.Add(second);
            composed.Add(both);
        }
        _unsettled.UnionWith(_canonical.Keys.Where(decomposable => !composed.Contains(decomposable)));
        _unsettled.UnionWith(Enumerable.Range(Hangul.FirstVowel, Hangul.VowelCount));
        _unsettled.UnionWith(Enumerable.Range(Hangul.BeforeFirstTrail + 1, Hangul.TrailCount - 1));
    }

    public static NormalizationTable Shared { get; } = ReadResource();

    /// <summary>The rank of a code point's combining class; 0 for one that never moves.</summary>
    public byte CombiningClass(int code) => code < 0x300 ? (byte)0 : _classes.GetValueOrDefault(code);

    /// <summary>What a code point falls into, fully; null where it stays itself. Hangul syllables are the caller's.</summary>
    public int[]? Decompose(int code, bool compatible) =>
        compatible && _compatible.TryGetValue(code, out var parts) ? parts : _canonical.GetValueOrDefault(code);

    /// <summary>The composition of two code points, if there is one; Hangul included.</summary>
    public int? Compose(int first, int second) =>
        _compositions.TryGetValue((first, second), out var composed) ? composed : Hangul.Compose(first, second);

    /// <summary>Text without such code points is in form C already.</summary>
    public bool IsUnsettledInFormC(int code) => code >= 0x300 && _unsettled.Contains(code);

    private static void ReadDecompositions(ref Numbers numbers, Dictionary<int, int[]> into)
    {
        var code = 0;
        for (var entries = numbers.Next(); entries > 0; entries--)
        {
            code += numbers.Next();
            var parts = new int[numbers.Next()];
            for (var i = 0; i < parts.Length; i++)
                parts[i] = numbers.Next();
            into.Add(code, parts);
        }
    }

    private static NormalizationTable ReadResource()
    {
        using var stream = typeof(NormalizationTable).Assembly.GetManifestResourceStream("normalization.bin")
            ?? throw new InvalidOperationException("normalization.bin is not embedded in PassAtK.Engine");
        var data = new byte[stream.Length];
        stream.ReadExactly(data);
        return new NormalizationTable(data);
    }

    /// <summary>Unsigned LEB128 numbers, one after the other.</summary>
    private ref struct Numbers(ReadOnlySpan<byte> data)
    {
        private ReadOnlySpan<byte> _rest = data;

        public int Next()
        {
            var (number, shift, used) = (0, 0, 0);
            for (var more = true; more; shift += 7)
            {
                var next = _rest[used++];
                number |= (next & 0x7F) << shift;
                more = (next & 0x80) != 0;
            }
            _rest = _rest[used..];
            return number;
        }
    }
}
