using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Building;
using Aspire.Hosting.Infrastructure;
using Aspire.Hosting.Running;
using Continuity.Testing;
using Microsoft.Extensions.Configuration;

namespace Continuity.Aspire.Hosting.Tests.Running;

/// <summary>A stack inside the test's own process.</summary>
internal sealed class StackFixture : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly TemporaryFolder _folder = new();
    private readonly ProcessSpawner _spawner = new();
    private readonly ProcessGuard _guard;
    private readonly DistributedApplicationBuilder _builder;

    public StackFixture(params string[] args)
    {
        var output = new AppHostBuildOutput(_folder.Path, new Dictionary<string, string>());
        _builder = new DistributedApplicationBuilder([$"--State:Path={_folder.Combine("state")}", .. args], output);
        _builder.State.Create();
        var mark = new RunMark(_builder.State.Path);
        _guard = ProcessGuard.Start(_spawner, mark.Entry);
        var images = new KnownImages(output, _builder.State, TimeProvider.System);
        Stack = new Stack(new StackContext(
            new ProcessHost(_spawner, _guard, mark, TimeProvider.System),
            _builder.State,
            new LaunchPlanner(output, images, telemetry: null),
            images,
            new StateBoard()));
    }

    public IDistributedApplicationBuilder Builder => _builder;

    public IConfiguration Configuration => _builder.Configuration;

    public Stack Stack { get; }

    public StateBoard Board => Stack.Context.Board;

    public string Path(string name) => _folder.Combine(name);

    public IResourceBuilder<ExecutableResource> AddShell(string name, string script) =>
        _builder.AddExecutable(name, "sh", "/", "-c", script);

    public void Declare() => Stack.Declare(_builder.Resources, _builder.Configuration);

    public void Start()
    {
        Declare();
        Stack.BringUp();
    }

    public InstanceSnapshot Only(string name) => Assert.Single(Board.Of(name));

    public async Task UntilAsync(string name, Func<InstanceSnapshot, bool> condition)
    {
        using var deadline = new CancellationTokenSource(Limit, TimeProvider.System);
        await Board.UntilAsync(() => Board.Of(name).Any(condition), deadline.Token);
    }

    public Task UntilStateAsync(string name, string state) => UntilAsync(name, snapshot => snapshot.State == state);

    public async ValueTask DisposeAsync()
    {
        await Stack.StopAsync();
        await Stack.DisposeAsync();
        _guard.Dispose();
        _spawner.Dispose();
        _folder.Dispose();
    }
}
