using PassAtK.Engine;
using PassAtK.Evaluation.Tasks;

namespace PassAtK.Evaluation.Storage;

/// <summary>The rows of table `problem`, in task order.</summary>
internal static class StoredProblems
{
    /// <summary>
    /// Compares the given problems with the stored ones and adds those after them; then, where any came, calls
    /// <paramref name="extended"/>.
    /// </summary>
    /// <exception cref="InputException">A stored problem differs from the one given in its place.</exception>
    public static void Extend(StoreConnection store, IReadOnlyList<PreparedProblem> problems, Action extended)
    {
        var stored = 0;
        foreach (var problem in Read(store))
        {
            if (stored < problems.Count)
                RequireSame(store.Path, stored, problem, problems[stored]);
            stored++;
        }
        using var insert = store.Temporary("INSERT INTO problem VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
        for (var position = stored; position < problems.Count; position++)
        {
            var (problem, prompt, tokens) = problems[position];
            insert.Execute(
                position, problem.Id, problem.Prompt, prompt, BlobEncoding.Integers(tokens), problem.Gold, problem.Chance, problem.Raw);
        }
        if (problems.Count > stored)
            extended();
    }

    public static IEnumerable<PreparedProblem> Read(StoreConnection store)
    {
        using var select = store.Temporary("SELECT id, question, prompt, prompt_tokens, gold, chance, raw FROM problem ORDER BY position");
        using var rows = select.Query();
        while (rows.Read())
        {
            var problem = new Problem
            {
                Id = rows.Text(0),
                Prompt = rows.Text(1),
                Gold = rows.Text(4),
                Chance = rows.IsNull(5) ? null : rows.Real(5),
                Raw = rows.Text(6),
            };
            yield return new PreparedProblem(problem, rows.Text(2), BlobEncoding.ReadIntegers(rows.Bytes(3)));
        }
    }

    private static void RequireSame(string path, int position, PreparedProblem stored, PreparedProblem given)
    {
        if (stored.Problem.Id != given.Problem.Id)
            throw new InputException(
                $"{path}: problem {position} is '{given.Problem.Id}', but the run was made with '{stored.Problem.Id}', "
                + "expected the same task.");
        var different =
            stored.PromptText != given.PromptText ? "prompt"
            : !stored.PromptTokens.AsSpan().SequenceEqual(given.PromptTokens) ? "prompt's tokens"
            : stored.Problem.Gold != given.Problem.Gold ? "answer"
            : stored.Problem.Chance != given.Problem.Chance ? "chance"
            : null;
        if (different is not null)
            throw new InputException(
                $"{path}: the {different} of problem '{given.Problem.Id}' differs from the one that the run was made with, "
                + "expected the same task.");
    }
}
