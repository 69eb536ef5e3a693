using PassAtK.Evaluation.Grading.Mathematics;

namespace PassAtK.Evaluation.Tests.Grading.Mathematics;

/// <summary>Votes are counted by the extracted text, so spellings of one answer share one.</summary>
public sealed class CanonicalAnswerTests
{
    [Theory]
    [InlineData("1/2", @"\frac12", "0.5", @"\dfrac{1}{2}", "x=0.5", @"\frac{2}{4}", @"\sin \frac{\pi}{6}-\sin\frac{\pi}{6}+\frac12")]
    [InlineData(@"\frac{\sqrt{3}}{2}", @"\frac{\sqrt3}{2}", @"\frac{1}{2}\sqrt{3}", @"\frac{3}{2\sqrt{3}}", @"\sqrt{\frac34}")]
    [InlineData(@"x^2-2x+1", "(x-1)^2", "1-2x+x^2", "y=x^2-2x+1")]
    [InlineData(@"(3,\frac{\pi}{2})", @"\left(3, \frac{\pi}{2}\right)", @"(3,\pi/2)")]
    [InlineData(@"\{1,2\}", @"\{2, 1\}")]
    [InlineData("3-2i", "-2i+3", "3 - 2i")]
    [InlineData(@"-\sqrt{6}", @"-\sqrt{2}\sqrt{3}")]
    [InlineData("90", @"90^\circ", @"90\text{ degrees}")]
    [InlineData(@"1+\sqrt{2},1-\sqrt{2}", @"1\pm\sqrt2")]
    [InlineData("28%", @"28\%", "28 percent")]
    [InlineData("0.33333", ".33333", "0.333330", "00.33333", @"0.33333\text{ cm}")]
    [InlineData("-1234.5678", "-1,234.5678", "- 1234.56780")]
    [InlineData("2469/2", "1234.50000", "1,234.5")]
    [InlineData("Evelyn", @"\text{Evelyn}")]
    [InlineData("not enough information", @"\text{not enough information}", "not  enough information.")]
    [InlineData(@"\emptyset", "no solution", @"\text{No real solutions}")]
    [InlineData("7", "seven")]
    [InlineData(@"x^2+y^2=1", "x^2 + y^2 = 1")]
    public void Spellings_of_an_answer_share_one_text(string text, params string[] spellings) =>
        Assert.All(spellings, spelling => Assert.Equal(text, CanonicalAnswer.Of(spelling)));
}
