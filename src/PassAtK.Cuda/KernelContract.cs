namespace PassAtK.Cuda;

/// <summary>
/// What a kernel file promises on top: its compile-time configurations (`// Configurations: A=0,1 B=32,64`, one or more lines, each a
/// cross product of values) and the registers that each kernel may use (`// Budget: name: R registers`).
/// </summary>
public sealed record KernelContract(
    string File, IReadOnlyList<IReadOnlyList<string>> Configurations, IReadOnlyDictionary<string, int> Budgets)
{
    private const string ConfigurationsMark = "// Configurations:";
    private const string BudgetMark = "// Budget:";

    /// <summary>Reads a file's contract; a file without configurations has one, without defines.</summary>
    /// <exception cref="CudaException">A line is not of the form above.</exception>
    public static KernelContract Read(KernelSources sources, string file)
    {
        var configurations = new List<IReadOnlyList<string>>();
        var budgets = new Dictionary<string, int>();
        foreach (var line in sources.Text(file).AsSpan().EnumerateLines())
        {
            if (line.StartsWith(ConfigurationsMark, StringComparison.Ordinal))
                configurations.AddRange(CrossProduct(file, line[ConfigurationsMark.Length..].ToString()));
            else if (line.StartsWith(BudgetMark, StringComparison.Ordinal))
                AddBudget(file, line[BudgetMark.Length..].ToString(), budgets);
        }
        if (configurations.Count == 0)
            configurations.Add([]);
        return new KernelContract(file, configurations, budgets);
    }

    private static List<string[]> CrossProduct(string file, string text)
    {
        List<string[]> product = [[]];
        foreach (var part in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split('=') is not [{ Length: > 0 } name, { Length: > 0 } values])
                throw new CudaException($"{file}: '{ConfigurationsMark}{text}' has '{part}', expected NAME=value,value.");
            product = [.. product.SelectMany(defines => values.Split(',').Select(value => (string[])[.. defines, $"{name}={value}"]))];
        }
        return product;
    }

    private static void AddBudget(string file, string text, Dictionary<string, int> budgets)
    {
        if (text.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries) is not [var kernel, var number, "registers"]
            || !int.TryParse(number, out var registers))
        {
            throw new CudaException($"{file}: '{BudgetMark}{text}', expected '{BudgetMark} name: R registers'.");
        }
        budgets.Add(kernel, registers);
    }
}
