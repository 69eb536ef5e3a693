using System.Text;
using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Reports;

namespace PassAtK.Evaluation.Tests.Reports;

public class AdaptiveReportTests
{
    [Theory]
    [InlineData(999, true)]
    [InlineData(1_000, false)]
    [InlineData(4_000, false)]
    public void A_run_that_spent_more_than_a_plain_one_needs_says_that_it_did_not_pay(long uniform, bool says)
    {
        var text = new StringBuilder();
        AdaptiveReport.Append(text, new AdaptiveReport(8, new CurvePoint(8, 0.5, 0.49, 0.51), 0.02, 0.03, 16, 1_000, uniform));
        Assert.Contains($"would take {uniform} for an interval as narrow", text.ToString(), StringComparison.Ordinal);
        Assert.Equal(says, text.ToString().EndsWith(": here allotting did not pay\n", StringComparison.Ordinal));
    }
}
