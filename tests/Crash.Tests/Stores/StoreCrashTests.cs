using Continuity.Vault.Formats;
using Continuity.Vault.Tests.Storage;

namespace Continuity.Crash.Tests.Stores;

/// <summary>Every operation of the store, at every step of a repository's life, goes wrong in every way.</summary>
public sealed class StoreCrashTests
{
    [Theory]
    [InlineData(Fault.Unavailable)]
    [InlineData(Fault.LostAnswer)]
    [InlineData(Fault.Full)]
    [InlineData(Fault.KillBefore)]
    [InlineData(Fault.KillAfter)]
    [InlineData(Fault.TornThenKill)]
    [InlineData(Fault.ShortRead)]
    [InlineData(Fault.FlippedBit)]
    public async Task Repository_WithAnyOperationFailing_LosesNothingCommitted(Fault fault)
    {
        CrashPoints.SkipOthers(fault);
        var points = 0;
        for (var seed = 0; seed < CrashPoints.Seeds; seed++)
        {
            using var scenario = new CrashScenario(seed);
            var operations = await CountAsync(scenario);
            for (long operation = CrashPoints.First(fault); operation < operations; operation += CrashPoints.Stride)
            {
                await CrashAsync(scenario, FaultPlan.At(operation, fault), seed);
                points++;
            }
        }

        CrashPoints.Report($"store, {fault}", points);
    }

    private static async Task<long> CountAsync(CrashScenario scenario)
    {
        var store = new FaultyBlobStore(await scenario.PrepareAsync(), FaultPlan.Nothing);
        await scenario.LiveAsync(store, []);
        return store.Operations;
    }

    private static async Task CrashAsync(CrashScenario scenario, FaultPlan plan, int seed)
    {
        var inner = await scenario.PrepareAsync();
        var acknowledged = new List<BlobId>();
        try
        {
            await scenario.LiveAsync(new FaultyBlobStore(inner, plan), acknowledged);
        }
        catch (Exception exception)
            when (exception is IOException or ProcessKilledException or OperationCanceledException)
        {
            // The fault, as the caller of the failed step sees it.
        }

        try
        {
            await scenario.CheckAsync(inner, acknowledged);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"Seed {seed}, {plan.Description}: {exception.Message}", exception);
        }
    }
}
