using System.Text;
using System.Text.Json;
using PassAtK.Engine.Tokenization.Normalization;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Tokenization.Normalization;

public sealed class UnicodeFormTests
{
    private const string TableVersion = "17.";

    private static readonly (string Name, UnicodeForm Form)[] Forms =
        [("NFC", UnicodeForm.C), ("NFD", UnicodeForm.D), ("NFKC", UnicodeForm.KC), ("NFKD", UnicodeForm.KD)];

    [Fact]
    public void Every_code_point_and_random_runs_of_marks_normalize_as_in_node()
    {
        List<string> texts = [];
        for (var code = 0; code <= 0x10FFFF; code++)
        {
            // Most of the code space is private or empty; a sample of it will do.
            if (Rune.IsValid(code) && (code < 0x32000 || code is >= 0xE0000 and < 0xE0200 || code % 997 == 0))
                texts.Add(new Rune(code).ToString());
        }
        texts.AddRange(RandomRuns(new Random(1), 20_000));

        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("texts.json"), JsonSerializer.Serialize(texts));
        var (code0, errors) = ReferenceTokenizer.RunNodeOrSkip("normalize.mjs", folder.File("texts.json"), folder.File("results.json"));
        Assert.True(code0 == 0, errors);
        using var document = JsonDocument.Parse(File.ReadAllBytes(folder.File("results.json")));
        var version = document.RootElement.GetProperty("unicode").GetString()!;
        if (!version.StartsWith(TableVersion, StringComparison.Ordinal))
            Assert.Skip($"needs a node with Unicode {TableVersion}0, of which the table is made; this one has {version}");
        foreach (var (name, form) in Forms)
        {
            var expected = document.RootElement.GetProperty(name).EnumerateArray().Select(text => text.GetString()!).ToArray();
            PublishedVocabularyTests.AssertSame(texts, i => expected[i], i => form.Normalize(texts[i]));
        }
    }

    [Theory]
    [InlineData("e\u0301", "é", "e\u0301")]
    [InlineData("\u212B", "Å", "A\u030A")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307", "q\u0323\u0307")]
    [InlineData("\u1112\u1161\u11AB", "한", "\u1112\u1161\u11AB")]
    [InlineData("\u0958", "\u0915\u093C", "\u0915\u093C")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165", "\U0001D157\U0001D165")]
    [InlineData("a\u0345\u0301", "á\u0345", "a\u0301\u0345")]
    public void Known_texts_compose_and_decompose(string text, string composed, string decomposed)
    {
        Assert.Equal(composed, UnicodeForm.C.Normalize(text));
        Assert.Equal(decomposed, UnicodeForm.D.Normalize(text));
    }

    [Theory]
    [InlineData("ﬁ", "fi")]
    [InlineData("½", "1\u20442")]
    [InlineData("ｶﾞ", "ガ")]
    [InlineData("\uFDFA", "\u0635\u0644\u0649\u0020\u0627\u0644\u0644\u0647\u0020\u0639\u0644\u064A\u0647\u0020\u0648\u0633\u0644\u0645")]
    public void Compatibility_forms_fold_variants(string text, string expected) => Assert.Equal(expected, UnicodeForm.KC.Normalize(text));

    [Fact]
    public void A_long_run_of_marks_is_put_in_order()
    {
        var text = "a" + string.Concat(Enumerable.Repeat("\u0301\u0323", 50_000));
        // One dot below joins the letter; the acutes are behind the other dots, and out of its reach.
        Assert.Equal("ạ" + new string('\u0323', 49_999) + new string('\u0301', 50_000), UnicodeForm.C.Normalize(text));
    }

    private static IEnumerable<string> RandomRuns(Random random, int count)
    {
        int[] interesting =
        [
            'a', 'e', 'o', 'u', 'A', 'q', 0xC4, 0xE5, 0x1EA1, 0x3B1, 0x3C9, 0x1F00, 0x915, 0x9C7, 0x9BE, 0xD57, 0xDD9, 0xDCF, 0xDCA, 0x1025, 0x102E, 0x1100, 0x1161, 0x1112, 0x1175,
            0x11A7, 0x11A8, 0x11C2, 0xAC00, 0xAC01, 0xD7A3, 0x304B, 0x3099, 0x309A, 0xFB1D, 0x5D9, 0x5B4, 0x212B, 0x2126, 0x1D158, 0x1D165, 0x11099, 0x110BA, 0x16D63, 0x16D67,
            .. Enumerable.Range(0x300, 0x70), .. Enumerable.Range(0x591, 45), 0x93C, 0x94D, 0xE38, 0xE48, 0xF71, 0xF72, 0xF74, 0x302A, 0x20D0, 0x20E1, 0x0344, 0x0F73,
        ];
        for (var i = 0; i < count; i++)
        {
            var text = new StringBuilder();
            for (var left = random.Next(2, 9); left > 0; left--)
                text.Append(new Rune(interesting[random.Next(interesting.Length)]));
            yield return text.ToString();
        }
    }
}
