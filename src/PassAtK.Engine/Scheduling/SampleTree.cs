using PassAtK.Engine.Sampling;

namespace PassAtK.Engine.Scheduling;

/// <summary>
/// All samples of one prompt, drawn together: a list of live branches that starts as one (the prompt with every sample) and forks
/// where samples draw different tokens. The result is that of drawing each sample alone, because each draws from its own random
/// stream and a row's logits do not depend on who shares the row.
/// </summary>
internal sealed class SampleTree
{
    private Branch? _last;

    /// <param name="request">What is wanted.</param>
    /// <param name="stop">Its stop texts.</param>
    /// <param name="maxPositions">The model's context.</param>
    /// <param name="share">Whether samples that draw the same tokens stay together.</param>
    public SampleTree(SampleRequest request, StopCondition? stop, int maxPositions, bool share)
    {
        Request = request;
        Stop = stop;
        ProblemKey = Philox.ProblemKey(request.ProblemId);
        MaxGenerated = Math.Min(request.MaxTokens, maxPositions - request.Prompt.Length);
        NeverForks = share && request.Parameters.Temperature == 0;
    }

    public SampleRequest Request { get; }

    public StopCondition? Stop { get; }

    public ulong ProblemKey { get; }

    public int[] Prompt => Request.Prompt;

    /// <summary>A drawn sample of so many tokens is at its end.</summary>
    public int MaxGenerated { get; }

    /// <summary>Whether all samples of a row draw the same token.</summary>
    public bool NeverForks { get; }

    /// <summary>Live branches in depth-first order, the first of them being the first to run.</summary>
    public Branch? First { get; private set; }

    public Branch? Last => _last;

    public void AddFirst(Branch root)
    {
        root.Previous = root.Next = null;
        First = _last = root;
    }

    public void InsertAfter(Branch branch, Branch added)
    {
        added.Previous = branch;
        added.Next = branch.Next;
        if (branch.Next is { } next)
            next.Previous = added;
        else
            _last = added;
        branch.Next = added;
    }

    public void Remove(Branch branch)
    {
        if (branch.Previous is { } previous)
            previous.Next = branch.Next;
        else
            First = branch.Next;
        if (branch.Next is { } next)
            next.Previous = branch.Previous;
        else
            _last = branch.Previous;
        branch.Previous = branch.Next = null;
    }
}
