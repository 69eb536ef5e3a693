using PassAtK.Engine.Execution;
using PassAtK.Engine.Metrics;
using PassAtK.Engine.Tokenization;
using PassAtK.Engine.Tracing;

namespace PassAtK.Engine.Scheduling;

/// <summary>
/// Continuous batching over the sample trees of many problems: plans a step, has the backend run it, lets every branch fork by the
/// tokens that its samples drew, and hands out finished samples. On a backend that takes a second step before the first is done, the
/// next one is planned meanwhile: branches that cannot fork refer to the token in flight.
/// </summary>
internal sealed class Scheduler : IDisposable
{
    private readonly IBackend _backend;
    private readonly Tokenizer? _tokenizer;
    private readonly EngineOptions _options;
    private readonly BlockPool _pool;
    private readonly StepPlanner _planner;
    private readonly Action<Completion> _completed;
    private readonly IEnumerator<SampleRequest> _requests;
    private readonly StepInFlight[] _steps = [new(), new()];
    private readonly List<SampleTree> _trees = [];
    private readonly Stack<Branch> _retired = [];
    private readonly DrawGroups _groups = new();
    private readonly HashSet<int> _endOfSequence;
    private readonly Func<int, bool> _admit;
    private readonly StepTrace _trace;
    private readonly StepMetrics _metrics;
    private int _branches;
    private SampleTree? _waiting;
    private int _oldest;
    private int _inFlight;

    public Scheduler(
        IBackend backend, Tokenizer? tokenizer, EngineOptions options, EngineStatistics statistics, IEnumerable<SampleRequest> requests,
        Action<Completion> completed)
    {
        _backend = backend;
        _tokenizer = tokenizer;
        _options = options;
        _pool = new BlockPool(backend.BlockCount);
        if (options.MaxRows < 1)
            throw new InputException($"most rows in a step is {options.MaxRows}, expected at least 1.");
        var maxRows = Math.Min(backend.MaxRows, options.MaxRows ?? backend.MaxRows);
        _planner = new StepPlanner(_pool, maxRows, statistics);
        _requests = requests.GetEnumerator();
        _completed = completed;
        _endOfSequence = options.IgnoreEndOfSequence ? [] : [.. backend.Config.EndOfSequenceTokens];
        _admit = TryAdmit;
        Statistics = statistics;
        _trace = new StepTrace(options.Tracer, statistics);
        _metrics = new StepMetrics(statistics, _pool.BlockCount);
    }

    public EngineStatistics Statistics { get; }

    /// <summary>Waits for steps in flight, whose draws are lost: the backend is free for other use.</summary>
    public void Dispose()
    {
        try
        {
            while (_inFlight > 0)
                Collect();
        }
        finally
        {
            _metrics.Dispose();
            _requests.Dispose();
        }
    }

    /// <summary>Blocks in use; 0 once everything is done.</summary>
    public int BlocksInUse => _pool.BlockCount - _pool.FreeCount;

    /// <summary>Collects one step, having submitted it or the next; false when there is nothing left to do.</summary>
    /// <exception cref="InputException">A request is impossible, or the model's output is not a number.</exception>
    public bool Step()
    {
        var begin = _trace.Now;
        if (_inFlight == 0 && !TrySubmit())
        {
            return _trees.Count == 0 && _waiting is null
                ? false
                : throw new InvalidOperationException(
                    $"No branch of problem '{(_trees.FirstOrDefault() ?? _waiting)!.Request.ProblemId}' could be given a row.");
        }
        if (_inFlight < Math.Min(_backend.PipelineDepth, _steps.Length) && _planner.IsWorthRunningAhead(_trees))
            TrySubmit();
        var step = Collect();
        var collected = _trace.Now;
        Statistics.Steps++;
        foreach (var scheduled in step.Branches)
        {
            if (scheduled.LogitsRows > 0)
                Advance(scheduled, step.Plan.Draws[scheduled.FirstDraw..]);
        }
        _trees.RemoveAll(static tree => tree.First is null);
        _trace.End(SpanName.Commit, collected);
        _trace.EndStep(begin, step.Plan, _branches, BlocksInUse);
        _metrics.EndStep(BlocksInUse, _branches);
        return true;
    }

    private bool TrySubmit()
    {
        var step = _steps[(_oldest + _inFlight) % _steps.Length];
        var begin = _trace.Now;
        _planner.PlanStep(step, _trees, _admit);
        if (step.Branches.Count == 0)
            return false;
        _trace.End(SpanName.Plan, begin);
        begin = _trace.Now;
        _backend.Submit(step.Plan);
        _trace.End(SpanName.Submit, begin);
        _inFlight++;
        return true;
    }

    private StepInFlight Collect()
    {
        var step = _steps[_oldest];
        // A backend that fails here has lost the steps after it too.
        var left = _inFlight - 1;
        _inFlight = 0;
        var begin = _trace.Now;
        _backend.Collect();
        _trace.End(SpanName.Wait, begin);
        _inFlight = left;
        _oldest = (_oldest + 1) % _steps.Length;
        return step;
    }

    private bool TryAdmit(int freeBlocks)
    {
        if (_waiting is null)
        {
            if (!NextRequest(out var request))
                return false;
            var stop = request.Given is null ? StopCondition.Create(request.Stop, _tokenizer) : null;
            _waiting = new SampleTree(request, stop, _backend.Config.MaxPositions, _options.Share);
        }
        var tree = _waiting;
        if (_trees.Count > 0 && BlocksFor(tree.Prompt.Length + 1) > freeBlocks)
            return false;
        var root = TakeBranch();
        root.Begin(tree, [.. tree.Request.Samples]);
        tree.AddFirst(root);
        _trees.Add(tree);
        _waiting = null;
        return true;
    }

    private bool NextRequest(out SampleRequest request)
    {
        while (_requests.MoveNext())
        {
            request = _requests.Current;
            if (request.Samples.Count == 0)
                continue;
            Check(request);
            return true;
        }
        request = null!;
        return false;
    }

    private void Check(SampleRequest request)
    {
        if (request.Given is null)
        {
            request.Parameters.Validate();
            if (request.MaxTokens < 1)
                throw new InputException($"max-tokens is {request.MaxTokens}, expected at least 1.");
        }
        if (request.Prompt.Length == 0)
            throw new InputException($"Problem '{request.ProblemId}' has an empty prompt: the model needs at least one token.");
        for (var index = 0; index < request.Samples.Count; index++)
        {
            if (request.Samples[index] < 0 || (index > 0 && request.Samples[index] <= request.Samples[index - 1]))
            {
                throw new InputException(
                    $"Problem '{request.ProblemId}' asks for sample {request.Samples[index]}, expected indices of at least 0, each above the one before.");
            }
        }
        var config = _backend.Config;
        CheckTokens(request.ProblemId, "prompt", request.Prompt);
        if (request.Prompt.Length >= config.MaxPositions)
        {
            throw new InputException(
                $"Problem '{request.ProblemId}' has a prompt of {request.Prompt.Length} tokens; the model's context of " +
                $"{config.MaxPositions} leaves no room for an answer.");
        }
        var longest = (long)request.Prompt.Length + request.MaxTokens;
        if (request.Given is { } given)
        {
            foreach (var sample in request.Samples)
            {
                if (!given.TryGetValue(sample, out var tokens) || tokens.Length == 0)
                    throw new InputException($"Problem '{request.ProblemId}' gives sample {sample} no token to score.");
                CheckTokens(request.ProblemId, $"sample {sample}'s", tokens);
            }
            longest = request.Prompt.Length + request.Samples.Max(sample => given[sample].Length);
            if (longest > config.MaxPositions)
            {
                throw new InputException(
                    $"Problem '{request.ProblemId}' has {longest} tokens with its sample; the model's context is {config.MaxPositions}.");
            }
        }
        // One block more than the longest sample fills: while it copies a shared tail it holds both.
        var needed = BlocksFor((int)Math.Min(longest, config.MaxPositions)) + 1;
        if (needed > _pool.BlockCount)
        {
            throw new InputException(
                $"Problem '{request.ProblemId}' needs {needed} KV cache blocks of {BlockTable.BlockSize} positions for one sample, and the " +
                $"cache has {_pool.BlockCount}: give it more memory or lower max-tokens.");
        }
    }

    private void CheckTokens(string problemId, string whose, int[] tokens)
    {
        foreach (var token in tokens)
        {
            if ((uint)token >= (uint)_backend.Config.VocabularySize)
            {
                throw new InputException(
                    $"Problem '{problemId}': {whose} token {token} is outside the model's vocabulary of {_backend.Config.VocabularySize}.");
            }
        }
    }

    private static int BlocksFor(int positions) => (positions + BlockTable.BlockSize - 1) / BlockTable.BlockSize;

    /// <summary>Lets a branch go on by what one step drew for it.</summary>
    /// <param name="scheduled">The branch's part in the step.</param>
    /// <param name="draws">From its first slot on.</param>
    private void Advance(in ScheduledBranch scheduled, ReadOnlySpan<TokenDraw> draws)
    {
        var branch = scheduled.Branch;
        branch.StepsInFlight--;
        if (branch.IsRetired)
        {
            Statistics.AbandonedRows += scheduled.LogitsRows;
            if (branch.StepsInFlight == 0)
                _retired.Push(branch);
            return;
        }
        var common = scheduled.LogitsRows - 1;
        foreach (var draw in draws[..common])
        {
            if (draw.Token == TokenDraw.NotFinite)
                throw NotFinite(branch, branch.Samples[0]);
            Statistics.CountRow(branch.GeneratedCount, branch.Samples.Length);
            branch.Append(draw);
        }
        Grow(branch, draws.Slice(common, branch.Samples.Length));
    }

    /// <summary>
    /// Splits a branch by the tokens its samples drew: finished samples leave, the others go on, together where they agree.
    /// </summary>
    private void Grow(Branch branch, ReadOnlySpan<TokenDraw> draws)
    {
        Statistics.CountRow(branch.GeneratedCount, draws.Length);
        _groups.Build(branch, draws, _options.Share);
        var lastLive = -1;
        for (var index = 0; index < _groups.Count; index++)
        {
            var draw = _groups.Draw(index);
            var samples = _groups.Samples(index);
            if (draw.Token == TokenDraw.NotFinite)
                throw NotFinite(branch, samples[0]);
            var finish = FinishOf(branch, index, out var stopSearch);
            _groups.SetStopSearch(index, stopSearch);
            if (finish is { } reason)
                Complete(branch, draw, samples, reason);
            else
                lastLive = index;
            _groups.SetLive(index, finish is null);
        }

        // The last group goes on in place; the ones before it fork off first, while the branch still is their common prefix.
        for (var index = 0; index < lastLive; index++)
        {
            if (!_groups.IsLive(index))
                continue;
            var child = TakeBranch();
            child.ForkFrom(branch, _groups.Samples(index), _pool);
            child.Stop = _groups.StopSearch(index);
            child.Append(_groups.Draw(index));
            branch.Tree.InsertAfter(branch, child);
        }
        if (lastLive < 0)
        {
            Retire(branch);
            return;
        }
        branch.SetSamples(_groups.Samples(lastLive));
        branch.Stop = _groups.StopSearch(lastLive);
        branch.Append(_groups.Draw(lastLive));
    }

    private FinishReason? FinishOf(Branch branch, int group, out StopSearch stopSearch)
    {
        stopSearch = branch.Stop;
        if (branch.Tree.Request.Given is not null)
            return _groups.IsGivenEnd(group) ? FinishReason.Length : null;
        var token = _groups.Draw(group).Token;
        if (_endOfSequence.Contains(token))
            return FinishReason.Stop;
        if (branch.Tree.Stop is { } stop && stop.Advance(ref stopSearch, token))
            return FinishReason.Stop;
        return branch.GeneratedCount + 1 >= branch.Tree.MaxGenerated ? FinishReason.Length : null;
    }

    private void Complete(Branch branch, TokenDraw last, ReadOnlySpan<int> samples, FinishReason finish)
    {
        int[] tokens = [.. branch.Generated, last.Token];
        float[] logprobs = [.. branch.Logprobs, last.Logprob];
        float[] filteredLogprobs = [.. branch.FilteredLogprobs, last.FilteredLogprob];
        var text = _tokenizer?.Decode(tokens) ?? "";
        // The last characters may become certain only now that no token follows, so any ending can reveal a stop text.
        if (branch.Tree.Stop?.Find(text) is { } start)
            (text, finish) = (text[..start], FinishReason.Stop);
        foreach (var sample in samples)
        {
            _completed(new Completion(branch.Tree.Request.ProblemId, sample, tokens, logprobs, filteredLogprobs, text, finish));
            Statistics.CompletedSamples++;
        }
    }

    private static InputException NotFinite(Branch branch, int sample) => new(
        $"Problem '{branch.Tree.Request.ProblemId}', sample {sample}, position {branch.GeneratedCount}: the model's logits hold a NaN, a " +
        "positive infinity or nothing finite, so no token can be drawn.");

    private Branch TakeBranch()
    {
        _branches++;
        return _retired.TryPop(out var branch) ? branch : new Branch();
    }

    private void Retire(Branch branch)
    {
        _branches--;
        branch.ReleaseBlocks(_pool);
        branch.Tree.Remove(branch);
        branch.IsRetired = true;
        if (branch.StepsInFlight == 0)
            _retired.Push(branch);
    }
}
