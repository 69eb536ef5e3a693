using System.Text.RegularExpressions;
using CsCheck;
using PassAtK.Engine.Tokenization;
using PassAtK.Engine.Tokenization.Patterns;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Tokenization.Patterns;

public sealed class RegexPatternTests
{
    private const int Seed = 1;

    /// <summary>What models' files hold: Llama-3, Qwen2, GPT-2, GPT-4o, Mistral-Nemo, DeepSeek-V3, Bloom.</summary>
    public static TheoryData<string> ModelPatterns =>
    [
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        @"[一-龥぀-ゟ゠-ヿ]+",
    ];

    [Theory]
    [MemberData(nameof(ModelPatterns))]
    public void Model_patterns_match_as_in_dotnet_within_the_basic_plane(string pattern)
    {
        var ours = new RegexPattern(pattern, "test");
        var reference = new Regex(pattern, RegexOptions.CultureInvariant);
        string[] pieces = ["a", "B", "é", "'s", "'LL", "ǅ", "ʰ", "\u0301", "漢", "か", "1", "٣", "½", " ", "  ", "\n", "\r\n", "\t", "\u00A0", ".", "!", "+", "$", "/", "_", "\u200B", "-"];
        Gen.Int[0, pieces.Length - 1].Select(piece => pieces[piece]).Array[0, 14].Select(string.Concat).Sample(
            text => Assert.Equal(
                reference.Matches(text).Select(match => (match.Index, match.Length)),
                ours.Find(text).Where(span => span.IsMatch).Select(span => (span.Start, span.Length))),
            iter: 3000);
    }

    [Fact]
    public void Random_expressions_match_as_in_dotnet()
    {
        var random = new Random(Seed);
        var compared = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var (pattern, text) = (Expression(random, 3, Atoms), Text(random));
            RegexPattern ours;
            try
            {
                ours = new RegexPattern(pattern, "test");
            }
            catch (InputException refusal)
            {
                Assert.Contains("repetition of", refusal.Message, StringComparison.Ordinal);
                continue;
            }
            compared++;
            // Multiline, as Ruby's $ is always.
            var reference = new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.Multiline);
            var expected = WithoutEmptyBehindMatch(reference.Matches(text).Select(match => (match.Index, match.Length)));
            var found = ours.Find(text).Where(span => span.IsMatch).Select(span => (span.Start, span.Length));
            Assert.True(expected.SequenceEqual(found), $"{pattern} on '{text}'");
        }
        Assert.True(compared > 10_000);
    }

    [Fact]
    public void Random_expressions_split_as_in_Oniguruma()
    {
        var random = new Random(Seed);
        string[] atoms = [.. Atoms, "\\P{Lu}", "\\p{Ll}", "[\\p{Ll}]", "[^\\p{Lu}b]", "[a-b&&[^b]]"];
        List<string> expressions = [.. Enumerable.Range(0, 400).Select(i => (i % 8 == 0 ? "^" : "") + Expression(random, 3, atoms))];
        List<string> texts = [.. Enumerable.Range(0, 40).Select(_ => Text(random))];
        List<(string Json, Tokenizer Tokenizer)> accepted = [];
        foreach (var expression in expressions)
        {
            using var folder = new TemporaryFolder();
            // In this vocabulary anything merges, so the tokens tell where text was cut.
            var json = SmallTokenizer.Json(
                preTokenizer: $$"""{"type":"Split","pattern":{"Regex":{{SmallTokenizer.Quote(expression)}} },"behavior":"Isolated","invert":false}""",
                addedTokens: "[]", vocabulary: AnyPair(), merges: AnyMerge());
            try
            {
                accepted.Add((json, SmallTokenizer.Load(folder, json)));
            }
            catch (InputException)
            {
            }
        }
        Assert.True(accepted.Count > expressions.Count / 2);
        var results = ReferenceTokenizer.RunOrSkip([.. accepted.Select(one => new ReferenceJob(null, one.Json, texts, []))]);
        for (var i = 0; i < accepted.Count; i++)
        {
            // Oniguruma refuses to repeat a place even inside a group.
            if (results[i]!.Error is { } error)
            {
                Assert.Contains("target of repeat operator is invalid", error, StringComparison.Ordinal);
                continue;
            }
            for (var t = 0; t < texts.Count; t++)
                Assert.True(results[i]!.Plain[t].SequenceEqual(accepted[i].Tokenizer.Encode(texts[t], addSpecialTokens: false)), accepted[i].Json + texts[t]);
        }
    }

    [Theory]
    [InlineData("\\p{L}+", "𝒜𠀀x", "𝒜𠀀x")]
    [InlineData("[^a]", "😀a", "😀")]
    [InlineData("[\U0001F600-\U0001F64F]", "x😀", "😀")]
    [InlineData("(?i:'s)", "'ſ", "'ſ")]
    [InlineData("(?i:k)", "\u212A", "\u212A")]
    [InlineData("(?i:[^s])", "Sſx", "x")]
    [InlineData("\\s", "\u180E\u3000", "\u3000")]
    [InlineData("\\w+", "²ⓐ_\u0301", "²ⓐ_\u0301")]
    [InlineData("[\\w]+", "²ⓐ", "ⓐ")]
    [InlineData("[a[bc]&&[^b]]+", "bcab", "ca")]
    [InlineData("a{2}+", "aaaaa", "aaaa")]
    [InlineData("a{2}?", "aaa", "aa")]
    [InlineData("a{,2}b", "aaab", "aab")]
    [InlineData("a{x", "a{x", "a{x")]
    [InlineData("(?>a+)ab|b", "aaab", "b")]
    [InlineData("a++a|b", "aab", "b")]
    [InlineData("\\h+", "xfF0", "fF0")]
    [InlineData("\\p{^L}", "a1", "1")]
    [InlineData("\\x41\\x{1F600}\\u0042", "A😀B", "A😀B")]
    [InlineData("(?i)a(?-i:b)", "AB Ab", "Ab")]
    [InlineData("\\bcat\\b", "concat cat", "cat")]
    [InlineData("(?m:a.b)", "a\nb", "a\nb")]
    public void Oniguruma_syntax_means_what_Oniguruma_says(string pattern, string text, string firstMatch)
    {
        var match = new RegexPattern(pattern, "test").Find(text).First(span => span.IsMatch);
        Assert.Equal(firstMatch, text.Substring(match.Start, match.Length));
    }

    [Theory]
    [InlineData("(?<=a)b", "the group '(?<='")]
    [InlineData("(a)\\1", "the escape '\\1'")]
    [InlineData("\\p{Han}", "the property 'Han'")]
    [InlineData("[[:alpha:]]", "a POSIX bracket '[:'")]
    [InlineData("(?x:a)", "the group '(?x:'")]
    [InlineData("(a*)*", "repetition of a part that can match nothing")]
    [InlineData("*a", "repetition of nothing")]
    [InlineData("(a", "a group without ')'")]
    [InlineData("a)", "')' without '('")]
    [InlineData("[a", "a class without ']'")]
    [InlineData("a\\", "a backslash at the end")]
    [InlineData("a{3,1}", "a count whose least is above its most")]
    [InlineData("(?:(?:ab){900}){900}", "repetition that takes more than")]
    public void Unsupported_syntax_is_refused_by_name(string pattern, string named)
    {
        var refusal = Assert.Throws<InputException>(() => new RegexPattern(pattern, "tokenizer.json: field"));
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.StartsWith("tokenizer.json: field is '", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ModelPatterns))]
    public void Long_runs_of_any_kind_are_matched(string pattern)
    {
        var ours = new RegexPattern(pattern, "test");
        foreach (var run in new[] { "a", "A", "漢", "1", " ", "\n", " \n", "\u0301", "'", "aA", "😀" })
        {
            var text = string.Concat(Enumerable.Repeat(run, 200_000 / run.Length));
            Assert.Equal(text.Length, ours.Find(text).Sum(span => span.Length));
        }
    }

    [Fact]
    public void An_expression_that_explodes_is_given_up_with_a_sentence()
    {
        var refusal = Assert.Throws<InputException>(() => new RegexPattern("(?:a|a)+b", "test").Find(new string('a', 60)));
        Assert.Contains("too many attempts", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_refused() =>
        Assert.Throws<InputException>(() => new RegexPattern(new string('(', 100_000), "test"));

    private static readonly string[] Atoms =
        ["a", "b", "B", "1", " ", ".", "[ab]", "[^a]", "[a-b1]", "\\s", "\\S", "\\d", "\\w", "\\n", "\\.", "$", "\\A", "\\b", "\\p{L}"];

    private static string Expression(Random random, int depth, string[] atoms)
    {
        string Inner() => Expression(random, depth - 1, atoms);
        return (depth == 0 ? 0 : random.Next(10)) switch
        {
            <= 1 => Pick(random, atoms),
            <= 4 => Inner() + Inner(),
            <= 6 => $"(?:{Inner()}|{Inner()})",
            <= 8 => $"(?:{Inner()}){Pick(random, "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{1,}", "{0,2}?")}",
            _ => $"{Pick(random, "(?=", "(?!", "(?>", "(?i:")}{Inner()})",
        };
    }

    private static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(13)).Select(_ => Pick(random, Letters)));

    private static string Pick(Random random, params string[] choices) => choices[random.Next(choices.Length)];

    private static readonly string[] Letters = ["a", "b", "A", "B", "1", " ", ".", "\n"];

    private static string[] AnyPair() => [.. Letters, .. from left in Letters from right in Letters select left + right];

    private static string AnyMerge() =>
        $"[{string.Join(',', from left in Letters from right in Letters select $"[{SmallTokenizer.Quote(left)},{SmallTokenizer.Quote(right)}]")}]";

    // .NET reports an empty match right behind another one, Oniguruma's iterator does not.
    private static List<(int Start, int Length)> WithoutEmptyBehindMatch(IEnumerable<(int Start, int Length)> matches)
    {
        List<(int Start, int Length)> kept = [];
        foreach (var match in matches)
        {
            if (match.Length > 0 || kept.Count == 0 || kept[^1].Start + kept[^1].Length != match.Start)
                kept.Add(match);
        }
        return kept;
    }
}
