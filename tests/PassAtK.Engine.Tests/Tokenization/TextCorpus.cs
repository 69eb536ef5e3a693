using System.Text;

namespace PassAtK.Engine.Tests.Tokenization;

/// <summary>Texts of every kind that a tokenizer treats in its own way, the same ones for the same seed.</summary>
internal static class TextCorpus
{
    private static readonly string[] Fragments =
    [
        "The quick brown fox jumps over the lazy dog. ", "It's what they'd've said; WE'LL see, I'M sure you'Re 'tis 'ſ 's", "Größe, naïve café, œuvre, Ångström, ǅ ",
        "Привет, мир! Как дела? ", "Γειά σου Κόσμε ", "שלום עולם ", "مرحبا بالعالم ١٢٣ ", "नमस्ते दुनिया क्षत्रिय ", "สวัสดีชาวโลก ", "こんにちは世界。カタカナ ",
        "你好，世界！我们今天学习。", "안녕하세요 세계 ", "한글 ", "Tiếng Việt rất đẹp ", "𠀀𠀁𪚥𫝀 ", "𝒜𝓵𝔊𝕖𝖇𝗋𝘢 ", "\U0001D7D8\U0001D7D9 ",
        "👩‍👩‍👧‍👦👍🏽🇩🇪🏴󠁧󠁢󠁥󠁮󠁧󠁿 😀", "e\u0301a\u0308o\u0302\u0323 q\u0307\u0323 ", "Ａｂｃ１２３ ﬁ ﬀ ½ ² ³ Ⅷ ℌ K Å ", "\u1E9B\u0323 \u0344 \u2126 ",
        "def f(x):\n    return x ** 2  # square\n\n\n", "for (int i = 0; i < n; ++i) {\n\t\ta[i] += b[i];\r\n}\r\n", "<div class=\"a\">&nbsp;</div>",
        "SELECT * FROM t WHERE id=42;", "\\frac{\\sqrt{x^2+1}}{\\sum_{i=0}^{\\infty} a_i} $\\mathbb{R}^n$ ", "https://example.org/a?b=c&d=%20#e", "user@example.org",
        "   ", "\t\t", "\n\n\n", " \n \n  ", "\u00A0\u2003\u3000\u1680\u2028\u2029\u0085\u200B\uFEFF", "\r", "\v\f", "\0\u0001\u007F", "...!!!???---___",
        "1234567890123456789012345678901234567890", "3.14159", "1,000,000", "0x1F", "１２３４", "<s>", "</s>", "<unk>", "<|endoftext|>", "<|im_start|>user\n",
        "<|im_end|>", "<|begin_of_text|>", "<|start_header_id|>", "<|eot_id|>", "<think>", "</think>", "[INST]", "<tool_call>", "<｜begin▁of▁sentence｜>", "<0x0A>",
        "▁", "▁▁Hello▁", "Ġhello", "camelCaseIdentifierHTTPServer", "snake_case_name", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "'", "''s", "don't", "\uFFFD", "\u200D\u200C",
    ];

    // Blocks that Unicode 12 had filled; the reference and .NET agree on them whatever their versions.
    private static readonly (int First, int Last)[] Blocks =
    [
        (0x00, 0x7F), (0x00, 0x7F), (0x80, 0xFF), (0x100, 0x24F), (0x300, 0x36F), (0x391, 0x3A1), (0x400, 0x4FF), (0x5D0, 0x5EA), (0x620, 0x64A), (0x905, 0x939),
        (0x93E, 0x94D), (0xE01, 0xE3A), (0x1100, 0x11FF), (0x1E00, 0x1EFF), (0x2000, 0x206F), (0x2190, 0x23FF), (0x2460, 0x24FF), (0x3000, 0x303F), (0x3041, 0x3096),
        (0x30A1, 0x30FF), (0x4E00, 0x9FA5), (0xAC00, 0xD7A3), (0xE000, 0xE0FF), (0xF900, 0xFA6D), (0xFB00, 0xFB06), (0xFF01, 0xFFEE), (0x10400, 0x1044F),
        (0x1D400, 0x1D454), (0x1F600, 0x1F64F), (0x1F3FB, 0x1F3FF), (0x20000, 0x2A6D6), (0x2F800, 0x2FA1D), (0xE0020, 0xE007F),
    ];

    public static IReadOnlyList<string> Texts(int count, int seed)
    {
        var random = new Random(seed);
        List<string> texts = ["", " ", "  ", "a", "\n", .. Fragments];
        while (texts.Count < count)
        {
            texts.Add((texts.Count % 4) switch
            {
                0 => Joined(random),
                1 => Characters(random),
                2 => Bytes(random),
                _ => Spaced(random),
            });
        }
        return texts;
    }

    /// <summary>Lists of ids, some of them beyond the vocabulary; <paramref name="favoured"/> turn up often.</summary>
    public static IReadOnlyList<int[]> TokenLists(int count, int vocabularySize, IReadOnlyList<int> favoured, int seed)
    {
        var random = new Random(seed);
        int Next() => favoured.Count > 0 && random.Next(2) == 0 ? favoured[random.Next(favoured.Count)] : random.Next(vocabularySize + 2);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, random.Next(1, 24)).Select(_ => Next()).ToArray())];
    }

    private static string Joined(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(2, 8)).Select(_ => Fragments[random.Next(Fragments.Length)]));

    private static string Characters(Random random)
    {
        var text = new StringBuilder();
        var (first, last) = Blocks[random.Next(Blocks.Length)];
        for (var left = random.Next(1, 60); left > 0; left--)
        {
            if (random.Next(5) == 0)
                (first, last) = Blocks[random.Next(Blocks.Length)];
            text.Append(new Rune(random.Next(first, last + 1)));
        }
        return text.ToString();
    }

    // Random bytes read as UTF-8: many U+FFFD, some characters from all over.
    private static string Bytes(Random random)
    {
        var bytes = new byte[random.Next(1, 80)];
        random.NextBytes(bytes);
        var text = new StringBuilder();
        foreach (var rune in Encoding.UTF8.GetString(bytes).EnumerateRunes())
            text.Append(rune.Value < 0x800 ? rune : Rune.ReplacementChar);
        return text.ToString();
    }

    private static string Spaced(Random random)
    {
        string[] spaces = [" ", " ", "  ", "\n", "\n\n", "\t", "\r\n", "    ", "\u00A0", "\u3000", "", "   \n  "];
        var text = new StringBuilder();
        for (var left = random.Next(1, 12); left > 0; left--)
            text.Append(spaces[random.Next(spaces.Length)]).Append(Fragments[random.Next(Fragments.Length)].AsSpan().Trim());
        return text.Append(spaces[random.Next(spaces.Length)]).ToString();
    }
}
