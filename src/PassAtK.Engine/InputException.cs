namespace PassAtK.Engine;

/// <summary>
/// Something a person gave is wrong: a file, a field, a setting. The message is one finished sentence that names it, with what was
/// found and what was expected; the command line prints it as it is and exits with 1.
/// </summary>
public sealed class InputException : Exception
{
    public InputException(string message)
        : base(message)
    {
    }

    public InputException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
