using PassAtK.Evaluation.Tasks;

namespace PassAtK.Evaluation.Grading;

/// <summary>Correct is what equals the gold character by character, white space at both ends apart.</summary>
public sealed class ExactGrader : IGrader
{
    public string Name => "exact";

    public int Version => 1;

    public Verdict Grade(Problem problem, string completion)
    {
        var answer = completion.Trim();
        return new Verdict(string.Equals(answer, problem.Gold.Trim(), StringComparison.Ordinal), answer);
    }
}
