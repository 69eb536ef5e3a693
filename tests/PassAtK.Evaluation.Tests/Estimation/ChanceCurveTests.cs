using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public class ChanceCurveTests
{
    [Fact]
    public void Guessing_is_averaged_over_problems()
    {
        var curve = ChanceCurve.Of([1, 2, 3], [0, 0.5, 1]);
        Assert.Equal(1.5 / 3, curve[0], 1e-15);
        Assert.Equal(1.75 / 3, curve[1], 1e-15);
        Assert.Equal(1.875 / 3, curve[2], 1e-15);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    public void A_chance_outside_0_to_1_is_refused(double chance) =>
        Assert.StartsWith("the chance of a problem is", Assert.Throws<InputException>(() => ChanceCurve.Of([1], [chance])).Message);

    [Fact]
    public void An_empty_list_is_refused() => Assert.Throws<InputException>(() => ChanceCurve.Of([1], []));
}
