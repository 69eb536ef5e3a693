using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cuda;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Tests.Backends;
using PassAtK.Engine.Tests.Reference;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Cuda;

/// <summary>Whole steps under the checks of the SIMT device: races, missing waits, reads of what was never written.</summary>
[Collection(nameof(CudaFaultTests))]
public class CudaDeviceModesTests
{
    [Fact]
    public void Steps_pass_every_check_and_draw_the_same_in_every_mode()
    {
        SimtDevice.Require();
        var draws = new List<TokenDraw[]>();
        foreach (var mode in SimtDevice.Modes)
        {
            mode.Apply();
            using var model = new TinyModel(TinyModel.SmallConfig with { QueryKeyNorm = true, QueryKeyValueBias = true }, DataType.BF16);
            using var run = new BackendRun(
                CudaUnderTest.Start(model, blocks: 64, tuning: new CudaBackendTuning { CompilerOptions = mode.Options }));
            draws.Add(Steps(run));
        }
        Assert.All(draws, drawn => Assert.Equal(draws[0], drawn));
    }

    /// <summary>A prompt, a fork of it into three branches, and a few steps of those, two in flight.</summary>
    private static TokenDraw[] Steps(BackendRun run)
    {
        var parameters = new SamplingParameters { Temperature = 0.9f, TopP = 0.9f };
        var prompt = BackendRun.Tokens(30);
        var trunk = run.Table(prompt.Length);
        StepPlan[] plans = [new(), new()];
        plans[0].AddDraws(plans[0].AddRows(prompt, 0, trunk) + prompt.Length - 1, parameters, 1, 2, 0, [0, 1, 2]);
        run.Backend.Submit(plans[0]);
        BlockTable[] tables = [.. Enumerable.Range(0, 3).Select(_ => run.Table(48))];
        var draws = new List<TokenDraw>();
        for (var step = 1; step < 6; step++)
        {
            var plan = plans[step % 2];
            plan.Clear();
            for (var i = 0; i < tables.Length; i++)
            {
                if (step == 1)
                {
                    plan.AddCopy(trunk[1], tables[i][1]);
                    tables[i][0] = trunk[0];
                }
                plan.AddDraws(plan.AddRows([StepPlan.Drawn(i)], prompt.Length + step - 1, tables[i]), parameters, 1, 2, step, [i]);
            }
            run.Backend.Submit(plan);
            run.Backend.Collect();
            draws.AddRange(plans[1 - (step % 2)].Draws);
        }
        run.Backend.Collect();
        return [.. draws, .. plans[1].Draws];
    }
}
