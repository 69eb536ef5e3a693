using System.CommandLine;
using PassAtK.Cli;
using PassAtK.Cli.Commands;
using PassAtK.Cli.Options;

var root = new RootCommand("Samples a language model thousands of times per problem and tells what its pass@k curve says.")
{
    DemoCommand.Create(),
    SampleCommand.Create(),
    RunCommand.Create(),
    GradeCommand.Create(),
    ScoreCommand.Create(),
    ReportCommand.Create(),
    AuditCommand.Create(),
    ExportCommand.Create(),
    CompareCommand.Create(),
    BenchCommand.Create(),
    DoctorCommand.Create(),
};
root.Options.Add(QuietOption.Instance);

var arguments = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (UsageSentences.Of(arguments) is { Count: > 0 } wrong)
{
    var command = arguments.CommandResult.Command;
    var path = command == root ? "passatk" : $"passatk {command.Name}";
    Terminal.Error($"{string.Join(' ', wrong)} See '{path} --help'.");
    return ExitCode.Usage;
}
return arguments.Invoke(new InvocationConfiguration { ProcessTerminationTimeout = null });
