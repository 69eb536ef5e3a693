namespace PassAtK.Evaluation.Grading;

/// <summary>What the answers are that a grader reads, which decides what may be counted over them.</summary>
public enum AnswerKind
{
    /// <summary>Whole programs: equal behaviour has many texts, so neither distinct answers nor votes mean anything.</summary>
    Program,

    /// <summary>Ways to a solution, such as traces: distinct ones can be counted, but a vote would elect a way, not an answer.</summary>
    Way,

    /// <summary>Values that samples agree or disagree on: they can be counted and voted over.</summary>
    Value,
}
