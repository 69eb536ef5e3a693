namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>One text for answers that are the same, as votes over samples need; a rational number is written in lowest terms.</summary>
internal static class CanonicalAnswer
{
    public static string Of(string answer)
    {
        var normalised = MathText.Normalise(answer);
        return MathNumber.Read(normalised)?.ToString() ?? normalised;
    }
}
