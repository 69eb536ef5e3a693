using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public class ClopperPearsonTests
{
    // The first four to four digits: Newcombe, Statistics in Medicine 17, 1998, table I, method 5; more digits by summing the tails.
    [Theory]
    [InlineData(81, 263, 0.2527367455853307, 0.36762192260135285)]
    [InlineData(15, 148, 0.057844010083456826, 0.16165049034947937)]
    [InlineData(0, 20, 0, 0.1684334709830853)]
    [InlineData(1, 29, 0.0008726468835799205, 0.17764429548872293)]
    [InlineData(42, 100, 0.32198553935478125, 0.522880804276086)]
    [InlineData(3, 12500, 4.9496504779841625e-05, 0.0007012200594513889)]
    [InlineData(20, 20, 0.8315665290169147, 1)]
    public void Limits_agree_with_published_ones(int successes, int trials, double low, double high)
    {
        var (actualLow, actualHigh) = ClopperPearson.Interval(successes, trials, 0.95);
        Assert.Equal(low, actualLow, 1e-11);
        Assert.Equal(high, actualHigh, 1e-11);
    }
}
