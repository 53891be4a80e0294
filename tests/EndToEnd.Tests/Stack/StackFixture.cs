using Continuity.EndToEnd.Tests.Jobs;
using Continuity.Testing.Processes;
using Xunit.Sdk;
using Xunit.v3;

// One stack at a time is load enough for a small machine.
[assembly: Parallelization(Mode = ParallelMode.None)]

namespace Continuity.EndToEnd.Tests.Stack;

/// <summary>The scenarios kill parts of one stack, so they take turns with it.</summary>
[CollectionDefinition(Name)]
public sealed class StackScenarios : ICollectionFixture<StackFixture>
{
    public const string Name = "stack";
}

/// <summary>
/// The stack that all scenarios share; each begins by waiting until it is whole, and puts right what it broke.
/// </summary>
public sealed class StackFixture : IAsyncLifetime
{
    public const string Model = "sample-chat";

    public static readonly TimeSpan HealthDeadline = TimeSpan.FromSeconds(120);

    /// <summary>What requests need.</summary>
    public static readonly string[] RequestPath =
        ["api", "gateway", "model-east-1", "model-east-2", "model-west-1", "model-west-2"];

    private StackProcess? _process;
    private JobClient? _jobs;

    public StackProcess Process => _process ?? throw new InvalidOperationException("The stack has not been started.");

    internal JobClient Jobs => _jobs ??= new JobClient(Process);

    public async ValueTask InitializeAsync()
    {
        _process = await StackProcess.StartAsync(new Dictionary<string, string>
        {
            // Slow enough that a stream is under way for a while, so that failures meet streams that have begun.
            ["Model__TokenDelay"] = "00:00:00.010",
            ["Model__Tokens"] = "50",

            // Slow enough that a job has a middle, and leases short enough that another worker soon goes on.
            ["Sync__MaxBytesPerSecond"] = "1500000",
            ["Backup__MaxBytesPerSecond"] = "1500000",
            ["Leases__TimeToLive"] = "00:00:06",
            ["Leases__Margin"] = "00:00:01",
        });
        await _process.WaitUntilHealthyAsync(HealthDeadline);
    }

    public async ValueTask DisposeAsync()
    {
        _jobs?.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    /// <summary>Waits until requests can be served by every replica.</summary>
    public Task WaitUntilServingAsync() => Process.WaitUntilHealthyAsync(HealthDeadline, RequestPath);

    /// <summary>Waits until everything is healthy, workers included.</summary>
    public Task WaitUntilWholeAsync() => Process.WaitUntilHealthyAsync(HealthDeadline);

    /// <summary>The address of a resource's own http endpoint.</summary>
    public async Task<Uri> AddressAsync(string resource) => (await Process.FindAsync(resource)).Endpoints["http"];

    /// <summary>kill -9, and waits until the host has seen it.</summary>
    public async Task KillAsync(string resource)
    {
        await Process.SignalAsync(resource, UnixSignal.Kill);
        await Process.WaitUntilEndedAsync(resource, HealthDeadline);
    }

    /// <summary>Starts those that do not run, and waits until all of them are healthy.</summary>
    public async Task StartAsync(params IReadOnlyCollection<string> resources)
    {
        foreach (var replica in await Process.ListAsync())
        {
            if (resources.Contains(replica.Resource) && replica.ProcessId is null)
            {
                await Process.StartAsync(replica.Resource);
            }
        }

        await Process.WaitUntilHealthyAsync(HealthDeadline, resources);
    }
}
