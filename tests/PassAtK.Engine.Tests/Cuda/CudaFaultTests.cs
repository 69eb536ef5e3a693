using PassAtK.Cuda;
using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cuda;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Tests.Backends;
using PassAtK.Engine.Tests.Reference;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Cuda;

/// <summary>Runs alone: a fault takes down the process's context, which other tests share.</summary>
[CollectionDefinition(nameof(CudaFaultTests), DisableParallelization = true)]
[Collection(nameof(CudaFaultTests))]
public class CudaFaultTests
{
    [Fact]
    public void A_fault_names_the_other_step_that_was_in_flight()
    {
        SimtDevice.Require();
        var model = new TinyModel(TinyModel.SmallConfig, DataType.BF16);
        using var run = new BackendRun(
            CudaUnderTest.Start(model, blocks: 8, tuning: new CudaBackendTuning { CompilerOptions = SimtDevice.Modes[^1].Options }));
        var plans = new StepPlan[] { new(), new() };
        foreach (var plan in plans)
        {
            plan.AddDraws(plan.AddRows([1], 0, run.Table(1)), new SamplingParameters(), 1, 2, 0, [0]);
            run.Backend.Execute(plan);
        }
        ((CudaBackend)run.Backend).Cache.Dispose();
        var message = Assert.Throws<CudaException>(() =>
        {
            foreach (var plan in plans)
                run.Backend.Submit(plan);
            run.Backend.Collect();
        }).Message;
        // Where every launch is waited for, the step at fault is known, and so is its kernel.
        var pattern = Environment.GetEnvironmentVariable("PASSATK_CUDA_SYNC") == "1"
            ? "^Step 2 of 1 rows, 1 of them with logits, failed on cuda.*: [a-z_]+ "
            : "^Step (2|3) of 1 rows, 1 of them with logits, or step (3 after|2 before) it, failed on cuda";
        Assert.Matches(pattern, message);
    }

    [Fact]
    public void A_step_that_fails_on_the_device_is_named_and_the_backend_can_be_disposed()
    {
        SimtDevice.Require();
        var model = new TinyModel(TinyModel.SmallConfig, DataType.BF16);
        using (var run = new BackendRun(
            CudaUnderTest.Start(model, blocks: 8, tuning: new CudaBackendTuning { CompilerOptions = SimtDevice.Modes[^1].Options })))
        {
            var plan = new StepPlan();
            plan.AddDraws(plan.AddRows([1], 0, run.Table(1)), new SamplingParameters(), 1, 2, 0, [0]);
            run.Backend.Execute(plan);
            ((CudaBackend)run.Backend).Cache.Dispose();
            var message = Assert.Throws<CudaException>(() => run.Backend.Execute(plan)).Message;
            Assert.StartsWith("Step 1 of 1 rows, 1 of them with logits, failed on cuda", message, StringComparison.Ordinal);
        }
        using var next = new BackendRun(CudaUnderTest.Start(model, blocks: 8));
        Assert.All(next.Step(plan => plan.AddRows([1], 0, next.Table(1)))[0], logit => Assert.True(float.IsFinite(logit)));
    }
}
