using PassAtK.Evaluation.Estimation.Forecasting;

namespace PassAtK.Evaluation.Tests.Estimation.Forecasting;

public class RisingFactorialTests
{
    [Fact]
    public void The_log_and_its_slope_are_the_sums_over_the_factors()
    {
        var random = new Random(1);
        for (var repetition = 0; repetition < 2_000; repetition++)
        {
            var x = Math.Exp((random.NextDouble() * 27.6) - 13.8);
            var m = (int)Math.Exp(random.NextDouble() * Math.Log(5_000)) - (repetition % 7 == 0 ? 1 : 0);
            double log = 0, slope = 0;
            for (var j = 0; j < m; j++)
            {
                log += Math.Log(x + j);
                slope += 1 / (x + j);
            }
            var (actualLog, actualSlope) = RisingFactorial.LogAndSlope(x, m);
            Assert.Equal(log, actualLog, 1e-9 * Math.Max(1, Math.Abs(log)));
            Assert.Equal(slope, actualSlope, 1e-9 * slope);
        }
    }
}
