using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public class GaussLegendreTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(30)]
    [InlineData(101)]
    [InlineData(1000)]
    public void Powers_up_to_the_degree_are_integrated_exactly(int degree)
    {
        var rule = GaussLegendre.OfDegree(degree);
        Assert.Equal((degree / 2) + 1, rule.Points.Length);
        Assert.All(rule.Points, point => Assert.InRange(point, 0, 1));
        Assert.All(rule.Weights, weight => Assert.InRange(weight, 0, 1));
        // Above the degree it holds for one power more where the degree is even, never for two.
        for (var power = 0; power <= degree; power++)
            Assert.Equal(1.0 / (power + 1), Integral(rule, power), 1e-13);
        if (degree < 20)
            Assert.NotEqual(1.0 / ((degree / 2 * 2) + 3), Integral(rule, (degree / 2 * 2) + 2), 1e-13);
    }

    private static double Integral(GaussLegendre rule, int power) =>
        rule.Points.Zip(rule.Weights, (point, weight) => weight * Math.Pow(point, power)).Sum();
}
