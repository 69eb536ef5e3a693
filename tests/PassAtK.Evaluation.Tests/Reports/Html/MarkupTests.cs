using System.Net;
using CsCheck;
using PassAtK.Evaluation.Reports.Html;

namespace PassAtK.Evaluation.Tests.Reports.Html;

public class MarkupTests
{
    [Fact]
    public void Holes_are_text_and_only_markup_is_markup() => Assert.Equal(
        "<p>&lt;b&gt; &amp; &quot;&#x27; <i>x</i> 7 0.1 </p>",
        Markup.Of($"<p>{"<b> & \"'"} {Markup.Of($"<i>{"x"}</i>")} {7} {0.1} {(string?)null}</p>").Html);

    [Fact]
    public void Any_text_comes_back_from_its_markup_and_holds_nothing_that_opens_or_closes_one() => Gen.String.Sample(text =>
    {
        var html = Markup.Of($"{text}").Html;
        Assert.True(html.AsSpan().IndexOfAny("<>\"'") < 0);
        // Torn surrogates, which no decoder of UTF-8 makes, become U+FFFD.
        if (!text.Any(char.IsSurrogate))
            Assert.Equal(text, WebUtility.HtmlDecode(html));
    });

    [Theory]
    [InlineData("runs/a.passatk", "runs/a.passatk")]
    [InlineData("my run", "'my run'")]
    [InlineData("it's; rm -rf $HOME", "'it'\\''s; rm -rf $HOME'")]
    [InlineData("", "''")]
    public void A_path_is_one_word_of_a_command_line(string path, string word) => Assert.Equal(word, ShellWord.Quoted(path));

    [Theory]
    [InlineData("5", 5)]
    [InlineData("0-2, 7, 9-10", 0, 1, 2, 7, 9, 10)]
    public void Neighbouring_indices_run_together(string expected, params int[] indices) =>
        Assert.Equal(expected, PageData.Ranges(indices));
}
