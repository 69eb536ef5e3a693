using System.Globalization;
using System.Numerics;
using CsCheck;
using PassAtK.Engine;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Tasks;

namespace PassAtK.Evaluation.Tests.Grading;

public sealed class CountdownGraderTests
{
    [Theory]
    [InlineData("11-6=5,11*5=55,55-2=53", null)]
    [InlineData(" 11-6=5,11*5=55,55-2=53\n", null)]
    [InlineData("11-06=5,011*5=55,55-2=53", null)]
    [InlineData("11-6=5,11*5=55", "2 numbers are left")]
    [InlineData("11-6=5,11*5=55,55-2=53,53-0=53", "step 4: only one number is left")]
    [InlineData("11-6=5,11*5=55,55-2=52", "step 3: 55-2 is 53, not 52")]
    [InlineData("11-6=5,11*5=55,55+2=57", "the last result is 57, not 53")]
    [InlineData("6-11=-5,11*5=55,55-2=53", "step 1: it does not read a+b=c")]
    [InlineData("6-11=5,11*5=55,55-2=53", "step 1: 6-11 is no whole number of at least 0")]
    [InlineData("11/6=1,11*5=55,55-2=53", "step 1: 11/6 is no whole number of at least 0")]
    [InlineData("11/0=1,11*5=55,55-2=53", "step 1: 11/0 is no whole number of at least 0")]
    [InlineData("11-6=5,11*5=55,55*1=55", "step 3: 1 is not there to use")]
    [InlineData("6*6=36", "step 1: 6 is not there to use")]
    [InlineData("3*2=6", "step 1: 3 is not there to use")]
    [InlineData("", "step 1: it does not read a+b=c")]
    [InlineData("11 - 6 = 5,11*5=55,55-2=53", "step 1: it does not read a+b=c")]
    [InlineData("٣*2=6", "step 1: it does not read a+b=c")]
    [InlineData("99999*99999=1410065407", "step 1: 99999*99999 is 9999800001, not 1410065407")]
    [InlineData("4294967302*2=12", "step 1: it does not read a+b=c")]
    public void A_trace_is_correct_when_each_step_is_and_the_last_reaches_the_target(string trace, string? fault)
    {
        var verdict = new CountdownGrader().Grade(Task([11, 2, 6, 11], 53), trace);

        Assert.Equal((fault is null, fault), (verdict.Correct, verdict.Detail));
    }

    [Fact]
    public void Verdicts_equal_those_of_a_check_written_with_big_integers() =>
        Traces.Sample(
            drawn =>
            {
                var (numbers, target, trace) = drawn;
                return new CountdownGrader().Grade(Task(numbers, target), trace).Correct == IsCorrect(numbers, target, trace);
            },
            iter: 20_000);

    [Fact]
    public void Legal_walks_are_correct_for_the_target_that_they_reach() =>
        Gen.Select(Gen.Int[0, 20].Array[2, 6], Gen.Int[0, int.MaxValue]).Sample(
            (numbers, seed) =>
            {
                var (trace, result) = Walk(numbers, new Random(seed));
                return new CountdownGrader().Grade(Task(numbers, result), trace).Correct
                    && !new CountdownGrader().Grade(Task(numbers, result + 1), trace).Correct;
            },
            iter: 5_000);

    [Fact]
    public void A_gold_answer_of_another_task_is_refused_by_problem()
    {
        var problem = new Problem { Id = "p7", Prompt = "", Gold = "18", Raw = "{}" };

        var refusal = Assert.Throws<InputException>(() => new CountdownGrader().Grade(problem, "1+1=2"));

        Assert.StartsWith("problem 'p7': the gold answer is not one of countdown", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Legal walks with a character changed here and there, so that about half are wrong.</summary>
    private static Gen<(int[] Numbers, int Target, string Trace)> Traces { get; } =
        from numbers in Gen.Int[0, 12].Array[2, 4]
        from seed in Gen.Int[0, int.MaxValue]
        from damage in Gen.Select(Gen.Int[0, 30], Gen.Char["0019+-*/=,x\0"]).Array[0, 2]
        let walk = Walk(numbers, new Random(seed))
        select (numbers, walk.Result, Damaged(walk.Trace, damage));

    private static Problem Task(int[] numbers, int target) => new()
    {
        Id = "p",
        Prompt = "",
        Gold = $$"""{"numbers":[{{string.Join(',', numbers)}}],"target":{{target}}}""",
        Raw = "{}",
    };

    private static string Damaged(string trace, (int At, char With)[] damage)
    {
        var characters = trace.ToCharArray();
        foreach (var (at, with) in damage)
        {
            if (at < characters.Length)
                characters[at] = with;
        }
        return new string(characters);
    }

    private static (string Trace, int Result) Walk(int[] numbers, Random random)
    {
        var pool = numbers.ToList();
        var steps = new List<string>();
        while (pool.Count > 1)
        {
            var left = Take();
            var right = Take();
            var (sign, result) = random.Next(4) switch
            {
                0 when left >= right => ('-', left - right),
                1 when (long)left * right < 10_000 => ('*', left * right),
                2 when right > 0 && left % right == 0 => ('/', left / right),
                _ => ('+', left + right),
            };
            steps.Add(string.Create(CultureInfo.InvariantCulture, $"{left}{sign}{right}={result}"));
            pool.Add(result);
        }
        return (string.Join(',', steps), pool[0]);

        int Take()
        {
            var at = random.Next(pool.Count);
            var number = pool[at];
            pool.RemoveAt(at);
            return number;
        }
    }

    /// <summary>The rule once more: strings are split and every number is a <see cref="BigInteger"/>.</summary>
    private static bool IsCorrect(int[] numbers, int target, string trace)
    {
        var pool = numbers.Select(number => new BigInteger(number)).ToList();
        var steps = trace.Trim().Split(',');
        if (steps.Length != numbers.Length - 1)
            return false;
        foreach (var step in steps)
        {
            var match = System.Text.RegularExpressions.Regex.Match(step, @"\A([0-9]+)([-+*/])([0-9]+)=([0-9]+)\z");
            if (!match.Success)
                return false;
            BigInteger[] operands = [.. new[] { 1, 3, 4 }.Select(group => BigInteger.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture))];
            var isLegal = match.Groups[2].Value switch
            {
                "+" => operands[0] + operands[1] == operands[2],
                "-" => operands[0] - operands[1] == operands[2],
                "*" => operands[0] * operands[1] == operands[2],
                _ => !operands[1].IsZero && operands[2] * operands[1] == operands[0],
            };
            if (!isLegal || !pool.Remove(operands[0]) || !pool.Remove(operands[1]))
                return false;
            pool.Add(operands[2]);
        }
        return pool[0] == target;
    }
}
