namespace PassAtK.Engine.Execution;

public static class BackendExtensions
{
    /// <summary>Runs one step from beginning to end; no other may be in flight.</summary>
    public static void Execute(this IBackend backend, StepPlan plan)
    {
        backend.Submit(plan);
        backend.Collect();
    }
}
