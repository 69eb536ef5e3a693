namespace PassAtK.Evaluation.Grading.Code;

/// <summary>A sandbox could not be set up: the machine's fault, never a program's.</summary>
internal sealed class SandboxException(string message) : Exception(message);
