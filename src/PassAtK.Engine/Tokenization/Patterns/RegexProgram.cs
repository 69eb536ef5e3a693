namespace PassAtK.Engine.Tokenization.Patterns;

internal enum RegexOperation
{
    /// <summary>Takes one character of the class.</summary>
    Take,

    /// <summary>Takes characters of the class, between Least and Most, as many as there are; gives them back one by one.</summary>
    TakeRun,

    /// <summary>The same, but gives nothing back.</summary>
    TakeRunForGood,

    /// <summary>Goes on with the next step, and with Target should that fail.</summary>
    Try,

    /// <summary>The same, but goes to Target at once where the next character is ASCII and outside the class's masks.</summary>
    TryFirst,

    /// <summary>Goes on at Target, and with the next step should that fail.</summary>
    TryTarget,

    Jump,

    /// <summary>The steps up to the next Done must match here; goes on at Target without moving.</summary>
    LookAhead,

    /// <summary>The steps up to the next Done must not match here.</summary>
    LookAheadNot,

    /// <summary>The steps up to the next Done match once and are not tried again; goes on at Target.</summary>
    Once,

    Anchor,
    Done,
}

internal readonly record struct RegexStep(RegexOperation Operation)
{
    public CharacterClass? Class { get; init; }

    public int Target { get; init; }

    public int Least { get; init; }

    public int Most { get; init; }

    public ulong FirstLow { get; init; }

    public ulong FirstHigh { get; init; }

    public RegexAnchor Anchor { get; init; }
}

/// <summary>Turns a parsed regular expression into steps for a backtracking matcher.</summary>
internal sealed class RegexProgram
{
    private const int MostSteps = 20_000;

    private readonly List<RegexStep> _steps = [];

    private RegexProgram()
    {
    }

    /// <exception cref="FormatException">Unsupported syntax, named.</exception>
    public static RegexStep[] Compile(string pattern)
    {
        var program = new RegexProgram();
        program.Emit(RegexParser.Parse(pattern));
        program.Add(new RegexStep(RegexOperation.Done));
        return [.. program._steps];
    }

    private void Emit(RegexNode node)
    {
        switch (node)
        {
            case RegexNode.Set set:
                Add(new RegexStep(RegexOperation.Take) { Class = set.Class });
                break;
            case RegexNode.Sequence sequence:
                foreach (var part in sequence.Parts)
                    Emit(part);
                break;
            case RegexNode.Choice choice:
                EmitChoice(choice.Options);
                break;
            case RegexNode.Repeat { Part: RegexNode.Set set, Mode: not RepeatMode.Lazy } run:
                var operation = run.Mode == RepeatMode.Possessive ? RegexOperation.TakeRunForGood : RegexOperation.TakeRun;
                Add(new RegexStep(operation) { Class = set.Class, Least = run.Least, Most = run.Most });
                break;
            case RegexNode.Repeat { Mode: RepeatMode.Possessive } repeat:
                EmitInner(RegexOperation.Once, repeat with { Mode = RepeatMode.Greedy });
                break;
            case RegexNode.Repeat repeat:
                EmitRepeat(repeat);
                break;
            case RegexNode.LookAhead look:
                EmitInner(look.Negative ? RegexOperation.LookAheadNot : RegexOperation.LookAhead, look.Part);
                break;
            case RegexNode.Atomic atomic:
                EmitInner(RegexOperation.Once, atomic.Part);
                break;
            case RegexNode.Anchor anchor:
                Add(new RegexStep(RegexOperation.Anchor) { Anchor = anchor.Kind });
                break;
        }
    }

    private void EmitChoice(IReadOnlyList<RegexNode> options)
    {
        List<int> jumps = [];
        for (var i = 0; i < options.Count - 1; i++)
        {
            var (low, high) = options[i].FirstAscii;
            var attempt = Add(options[i].CanBeEmpty
                ? new RegexStep(RegexOperation.Try)
                : new RegexStep(RegexOperation.TryFirst) { FirstLow = low, FirstHigh = high });
            Emit(options[i]);
            jumps.Add(Add(new RegexStep(RegexOperation.Jump)));
            PointToNext(attempt);
        }
        Emit(options[^1]);
        jumps.ForEach(PointToNext);
    }

    private void EmitRepeat(RegexNode.Repeat repeat)
    {
        for (var i = 0; i < repeat.Least; i++)
            Emit(repeat.Part);
        // To leave the loop is the second choice of a greedy loop and the first of a lazy one.
        var leave = repeat.Mode == RepeatMode.Lazy ? RegexOperation.TryTarget : RegexOperation.Try;
        if (repeat.Most == int.MaxValue)
        {
            var loop = Add(new RegexStep(leave));
            Emit(repeat.Part);
            Add(new RegexStep(RegexOperation.Jump) { Target = loop });
            PointToNext(loop);
            return;
        }
        List<int> exits = [];
        for (var i = repeat.Least; i < repeat.Most; i++)
        {
            exits.Add(Add(new RegexStep(leave)));
            Emit(repeat.Part);
        }
        exits.ForEach(PointToNext);
    }

    private void EmitInner(RegexOperation operation, RegexNode part)
    {
        var entry = Add(new RegexStep(operation));
        Emit(part);
        Add(new RegexStep(RegexOperation.Done));
        PointToNext(entry);
    }

    private int Add(RegexStep step)
    {
        if (_steps.Count == MostSteps)
            throw new FormatException($"repetition that takes more than {MostSteps} steps");
        _steps.Add(step);
        return _steps.Count - 1;
    }

    private void PointToNext(int step) => _steps[step] = _steps[step] with { Target = _steps.Count };
}
