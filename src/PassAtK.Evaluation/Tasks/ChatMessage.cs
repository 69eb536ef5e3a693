namespace PassAtK.Evaluation.Tasks;

/// <summary>One message of a chat prompt, as Hugging Face data sets write it: `{"role": "user", "content": "..."}`.</summary>
public sealed record ChatMessage(string Role, string Content);
