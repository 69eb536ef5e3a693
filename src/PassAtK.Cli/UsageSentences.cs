using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;

namespace PassAtK.Cli;

/// <summary>What is wrong with a command line, in sentences that name the option, argument or command.</summary>
internal static class UsageSentences
{
    /// <returns>None where the command line can be run.</returns>
    public static IReadOnlyList<string> Of(ParseResult arguments)
    {
        var command = arguments.CommandResult;
        var path = command.Parent is null ? "passatk" : $"passatk {command.Command.Name}";
        string[] unknown = [.. MistypedOptions(arguments).Concat(arguments.UnmatchedTokens).Distinct()];
        if (arguments.Errors.Count == 0 && unknown.Length == 0)
            return [];
        if (command.Command.Subcommands.Count > 0)
        {
            var expected = string.Join(", ", command.Command.Subcommands.Where(one => !one.Hidden).Select(one => one.Name));
            return unknown.Length > 0
                ? [$"{path} has no {Kind(unknown[0])} '{unknown[0]}', expected one of {expected}."]
                : [$"No command is given, expected one of {expected}."];
        }
        // Whatever else is missing may be what the mistyped one was to be.
        return unknown.Length > 0
            ? [.. unknown.Select(token => IsOption(token)
                ? $"{path} has no option '{token}'."
                : $"'{token}' is one argument too many for {path}.")]
            : [.. arguments.Errors.Select(Sentence).Distinct()];

        static string Kind(string token) => IsOption(token) ? "option" : "command";
    }

    /// <summary>An argument that looks like an option and does not come after "--" was meant as one.</summary>
    private static IEnumerable<string> MistypedOptions(ParseResult arguments)
    {
        var literal = arguments.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).ToHashSet(ReferenceEqualityComparer.Instance);
        return arguments.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Where(token => IsOption(token.Value) && !literal.Contains(token))
            .Select(token => token.Value);
    }

    private static bool IsOption(string token) => token.Length > 1 && token[0] == '-';

    private static string Sentence(ParseError error)
    {
        var symbol = error.SymbolResult is ArgumentResult { Parent: OptionResult owner } ? owner : error.SymbolResult;
        return symbol switch
        {
            OptionResult { Tokens: [] } result when result.IdentifierToken is not null => $"{result.Option.Name} lacks its value.",
            OptionResult { IdentifierTokenCount: > 1 } result when result.Option.Arity.MaximumNumberOfValues == 1 =>
                $"{result.Option.Name} is given {result.IdentifierTokenCount} times, expected once.",
            OptionResult { Tokens: [.., var value] } result => $"{result.Option.Name} is '{value.Value}', expected {Expected(result.Option)}.",
            ArgumentResult { Tokens: [] } result => $"{result.Argument.Name} is missing.",
            _ => error.Message,
        };
    }

    private static string Expected(Option option)
    {
        string[] words = [.. option.GetCompletions(CompletionContext.Empty).Select(word => word.Label)];
        var type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
        return type == typeof(bool) ? "true or false"
            : words.Length > 0 ? $"one of {string.Join(", ", words)}"
            : type == typeof(int) ? $"a whole number up to {int.MaxValue}"
            : type == typeof(ulong) ? "a whole number of 0 or more"
            : type == typeof(float) || type == typeof(double) ? "a number"
            : "another value";
    }
}
