namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>`x = 5`, `f(x) = 2x`, `D = (0,1)`, `x \in A`: a name and what it is. Made by <see cref="AnswerShape"/>.</summary>
internal sealed record Assignment(Expression Name, Expression Value) : Expression;

/// <summary>`x = 1, y = 2`: values of different names, in the order in which they are written.</summary>
internal sealed record Record(IReadOnlyList<string> Names, IReadOnlyList<Expression> Values) : Expression;
