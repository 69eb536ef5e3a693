using PassAtK.Evaluation.Tasks;

namespace PassAtK.Evaluation.Storage;

/// <summary>A problem as one model sees it.</summary>
/// <param name="Problem">The problem.</param>
/// <param name="PromptText">The prompt with the chat template or the plain wording applied.</param>
/// <param name="PromptTokens">Its token ids.</param>
public sealed record PreparedProblem(Problem Problem, string PromptText, int[] PromptTokens);
