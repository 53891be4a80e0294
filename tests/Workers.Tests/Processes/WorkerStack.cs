using Continuity.Contracts.ArtefactSets;
using Continuity.Contracts.Jobs;
using Continuity.Contracts.Sites;
using Continuity.ControlPlane.Jobs;
using Continuity.ControlPlane.Protection;
using Continuity.ControlPlane.Sites;
using Continuity.Testing;
using Continuity.Testing.Processes;

namespace Continuity.Workers.Tests.Processes;

/// <summary>
/// Two sites with a folder each, one artefact set, and real worker processes that share a database and a broker.
/// </summary>
internal sealed class WorkerStack : IAsyncDisposable
{
    public const string Set = "weights";

    private readonly TemporaryFolder _folder = new();
    private readonly string _connectionString;
    private readonly string _broker;
    private readonly List<ChildProcess> _workers = [];

    private WorkerStack(string connectionString, string broker, ControlPlaneHost controlPlane)
    {
        _connectionString = connectionString;
        _broker = broker;
        ControlPlane = controlPlane;
    }

    public ControlPlaneHost ControlPlane { get; }

    public string Source => _folder.Combine("east", Set);

    public string Target => _folder.Combine("west", Set);

    public string Archives => _folder.Combine("west", "archives", Set);

    public string Restored => _folder.Combine("west", "restored");

    public static async Task<WorkerStack> StartAsync(string connectionString, string broker)
    {
        var stack = new WorkerStack(connectionString, broker, await ControlPlaneHost.StartAsync(connectionString));
        foreach (var site in (string[])["east", "west"])
        {
            var root = Directory.CreateDirectory(stack._folder.Combine(site)).FullName;
            await stack.ControlPlane.Get<SiteStore>().PutAsync(
                site, new PutSiteRequest { StorageRoots = [root] }, TestContext.Current.CancellationToken);
        }

        Directory.CreateDirectory(stack.Source);
        var declaration = new PutArtefactSetRequest
        {
            Source = new SitePath { Site = "east", Path = Set },
            Targets = [new SitePath { Site = "west", Path = Set }],
            Deletions = DeletionPolicy.Delete,
            Archives = new SitePath { Site = "west", Path = "archives" },
        };
        Assert.IsType<PutArtefactSet.Stored>(await stack.ControlPlane.Get<ArtefactSetStore>().PutAsync(
            Set, declaration, TestContext.Current.CancellationToken));
        return stack;
    }

    /// <summary>Files of equal size, of content that does not compress.</summary>
    public void Fill(int files, int bytes)
    {
        var random = new Random(files);
        var content = new byte[bytes];
        for (var number = 0; number < files; number++)
        {
            random.NextBytes(content);
            var path = Path.Join(Source, $"folder{number % 3}", $"file{number:000}");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }
    }

    public async Task<ChildProcess> StartWorkerAsync(
        string site, string role, params (string Name, string Value)[] settings)
    {
        var port = FreePort.Next();
        var environment = new Dictionary<string, string>
        {
            ["ConnectionStrings__continuity"] = _connectionString,
            ["ConnectionStrings__kafka"] = _broker,
            ["Worker__Site"] = site,
            ["Worker__Roles__0"] = role,
            ["Management__Port"] = $"{port}",
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
            ["Leases__TimeToLive"] = "00:00:05",
            ["Leases__Margin"] = "00:00:01",
        };
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        var worker = await ChildProcess.StartProjectAsync("Workers", [], environment);
        _workers.Add(worker);
        return worker;
    }

    public async Task<Guid> CreateJobAsync(JobKind kind)
    {
        var request = new CreateJobRequest
        {
            Kind = kind,
            ArtefactSet = Set,
            Destination = kind == JobKind.Restore ? new SitePath { Site = "west", Path = "restored" } : null,
        };
        var creation = await ControlPlane.Get<JobStore>().CreateAsync(
            request, new JobAsker("default", null), TestContext.Current.CancellationToken);
        return Assert.IsType<JobCreation.Created>(creation).Job.Id;
    }

    public async Task<Job> FindAsync(Guid job) =>
        await ControlPlane.Get<JobStore>().FindAsync(job, TestContext.Current.CancellationToken)
        ?? throw new InvalidOperationException($"Job {job} is gone.");

    public async Task<IReadOnlyList<JobAttempt>> AttemptsAsync(Guid job) =>
        await ControlPlane.Get<JobStore>().ListAttemptsAsync(job, TestContext.Current.CancellationToken)
        ?? throw new InvalidOperationException($"Job {job} is gone.");

    /// <summary>Waits until the job has ended, and answers how.</summary>
    public async Task<Job> WaitForEndAsync(Guid id)
    {
        Job? job = null;
        await Eventually.HoldsAsync(async () =>
        {
            job = await FindAsync(id);
            return job.State is JobState.Succeeded or JobState.Failed or JobState.Cancelled;
        });
        return job!; // not null: read at least once
    }

    /// <summary>Waits until so many bytes of the job are done.</summary>
    public Task WaitForBytesAsync(Guid job, long bytes) =>
        Eventually.HoldsAsync(async () => (await FindAsync(job)).Progress?.BytesDone >= bytes);

    public static void AssertEqualFolders(string expected, string actual) =>
        Assert.Equal(Files.FolderTree.Read(expected).ToString(), Files.FolderTree.Read(actual).ToString());

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"--- worker {worker.Id} ---\n{worker.Output}");
            worker.Signal(UnixSignal.Continue);
            await worker.DisposeAsync();
        }

        await ControlPlane.DisposeAsync();
        _folder.Dispose();
    }
}
