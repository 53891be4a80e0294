using System.Globalization;
using Continuity.Vault.Formats;
using Continuity.Vault.Tests.Storage;

namespace Continuity.Crash.Tests.Stores;

/// <summary>Every operation of the store, at every step of a repository's life, goes wrong in every way.</summary>
public sealed class StoreCrashTests
{
    // Enough seeds for the 10,000 points of the requirement: CRASH_SEEDS=40 (a few minutes).
    private static readonly int Seeds = int.Parse(
        Environment.GetEnvironmentVariable("CRASH_SEEDS") ?? "1", CultureInfo.InvariantCulture);

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
        var points = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            using var scenario = new CrashScenario(seed);
            var operations = await CountAsync(scenario);
            for (long operation = 0; operation < operations; operation++)
            {
                await CrashAsync(scenario, FaultPlan.At(operation, fault), seed);
                points++;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{fault}: {points} points.");
        Assert.True(points > 50, $"A life of {points} operations is too short to say anything.");
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
