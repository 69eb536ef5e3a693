using CsCheck;
using PassAtK.Engine.Tokenization;

namespace PassAtK.Engine.Tests.Tokenization;

public sealed class StopMatcherTests
{
    [Fact]
    public void The_earliest_stop_text_complete_after_each_part_is_found_however_the_text_is_cut()
    {
        var part = Gen.String[Gen.Char["abc"], 0, 4];
        Gen.Select(Gen.String[Gen.Char["abc"], 1, 4].Array[0, 4], part.Array[0, 12]).Sample((stops, parts) =>
        {
            var matcher = new StopMatcher(stops);
            var cursor = default(StopCursor);
            var text = "";
            foreach (var appended in parts)
            {
                text += appended;
                var found = matcher.Read(ref cursor, appended);
                Assert.Equal(EarliestStart(text, stops), found);
                Assert.Equal(text.Length, cursor.Length);
                if (found is not null)
                    break;
            }
        }, iter: 20_000);
    }

    [Fact]
    public void A_copied_cursor_reads_on_by_itself()
    {
        var matcher = new StopMatcher(["\n\n", "END"]);
        var cursor = default(StopCursor);
        Assert.Null(matcher.Read(ref cursor, "a\nEN"));
        var fork = cursor;
        Assert.Equal(2, matcher.Read(ref cursor, "D"));
        Assert.Null(matcher.Read(ref fork, "\n"));
        Assert.Equal(4, matcher.Read(ref fork, "\n"));
    }

    [Theory]
    [InlineData("ab|bcd", "abcd", 0)]
    [InlineData("c|bcd", "abcd", 1)]
    [InlineData("abc|ab", "xab", 1)]
    [InlineData("😀", "a😀", 1)]
    public void Of_several_stop_texts_in_one_part_the_earliest_start_wins(string stops, string text, int expected)
    {
        var cursor = default(StopCursor);
        Assert.Equal(expected, new StopMatcher(stops.Split('|')).Read(ref cursor, text));
    }

    [Fact]
    public void A_stop_text_still_open_is_not_waited_for()
    {
        var matcher = new StopMatcher(["abc", "b"]);
        var cursor = default(StopCursor);
        Assert.Equal(1, matcher.Read(ref cursor, "ab"));
    }

    [Fact]
    public void An_empty_stop_text_is_refused() => Assert.Throws<InputException>(() => new StopMatcher(["a", ""]));

    private static int? EarliestStart(string text, string[] stops)
    {
        var starts = stops.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(start => start >= 0).ToArray();
        return starts.Length == 0 ? null : starts.Min();
    }
}
