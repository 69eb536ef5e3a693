using System.Diagnostics;
using PassAtK.Tests;

namespace PassAtK.Cli.Tests;

/// <summary>The recipe that made the shipped pair (samples/countdown), by its own tests in Python.</summary>
public class CountdownRecipeTests
{
    [Fact]
    public void The_recipe_passes_its_own_tests_and_draws_the_shipped_problems()
    {
        var result = Python("-m", "unittest", "test_recipe");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("\nOK", result.Error, StringComparison.Ordinal);
    }

    private static ProcessResult Python(params string[] arguments)
    {
        var start = new ProcessStartInfo("python3", arguments)
        {
            WorkingDirectory = RepositoryPaths.InRepository("samples", "countdown"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        try
        {
            using var process = Process.Start(start)!;
            return Passatk.Finish(process);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("needs python3, which is absent here");
            throw;
        }
    }
}
