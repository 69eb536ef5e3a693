using System.Numerics;

namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>Factors of a positive rational by trial division.</summary>
internal static class PrimeFactors
{
    private const int LargestTrial = 4000;

    /// <summary>
    /// Each prime with its power, negative below the line. What is left after trial division is one factor; it is a proven prime if it is
    /// below the square of the largest trial, and a square's root is taken.
    /// </summary>
    public static List<(BigInteger Prime, Rational Power, bool IsProven)> Of(Rational value, WorkBudget budget)
    {
        var factors = new List<(BigInteger, Rational, bool)>();
        Add(factors, value.Numerator, 1, budget);
        Add(factors, value.Denominator, -1, budget);
        return factors;
    }

    private static void Add(List<(BigInteger, Rational, bool)> factors, BigInteger value, int sign, WorkBudget budget)
    {
        for (var trial = 2; trial <= LargestTrial && value > 1; trial += trial == 2 ? 1 : 2)
        {
            if ((long)trial * trial > value)
                break;
            budget.Spend(1 + (value.GetBitLength() / 64));
            var power = 0;
            while ((value % trial).IsZero)
            {
                value /= trial;
                power++;
            }
            if (power > 0)
                factors.Add((trial, sign * power, true));
        }
        if (value.IsOne)
            return;
        var root = BallFunctions.IntegerRoot(value);
        if (root * root == value)
            factors.Add((root, sign * 2, root < (long)LargestTrial * LargestTrial));
        else
            factors.Add((value, sign, value < (long)LargestTrial * LargestTrial));
    }
}
