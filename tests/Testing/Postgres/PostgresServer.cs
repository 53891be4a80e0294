using System.Globalization;
using Continuity.Testing.Processes;
using Npgsql;

namespace Continuity.Testing.Postgres;

/// <summary>A throw-away PostgreSQL as a child process: fast, gone with the test process.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Superuser = "app";

    private static readonly TimeSpan _startDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _pollInterval = TimeSpan.FromMilliseconds(20);

    private readonly PostgresInstallation _installation;
    private readonly ServerFolder _folder;
    private readonly int _port = FreePort.Next();
    private ChildProcess? _process;

    private PostgresServer(PostgresInstallation installation, ServerFolder folder)
    {
        _installation = installation;
        _folder = folder;
    }

    /// <summary>The server's own process, which is the one to stop or kill.</summary>
    public ChildProcess Process => _process ?? throw new InvalidOperationException("The server has not been started.");

    public int Port => _port;

    /// <summary>A new server with no database in use, ready to be connected to.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        var installation = PostgresInstallation.Find();
        var server = new PostgresServer(installation, await ServerFolder.CreateAsync(PostgresInstallation.User));
        try
        {
            await server.RunAsync("initdb",
                "-D", server._folder.Path, "-U", Superuser, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                "--no-sync", "--no-instructions");
            await server.RestartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection string for one of the server's databases.</summary>
    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _port,
        Username = Superuser,
        Database = database,
    }.ConnectionString;

    /// <summary>kill -9 of the server with all its processes; its data stays for <see cref="RestartAsync"/>.</summary>
    public async Task KillAsync()
    {
        // Each of its processes holds its shared memory, and a server that finds it held does not start: those that
        // would notice the server's death in a while are killed too. Stopped, the server starts no more of them.
        Process.Signal(UnixSignal.Stop);
        var children = ProcessChildren.Of(Process.Id);
        foreach (var child in children)
        {
            ChildProcess.SignalById(child, UnixSignal.Kill);
        }

        await Process.KillAsync();
        await Eventually.HoldsAsync(() => !children.Any(ProcessChildren.IsRunning));
    }

    /// <summary>
    /// Starts the server, or starts it again on the same port with the data it had, and waits until it answers.
    /// </summary>
    public async Task RestartAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        // Unsafe on purpose, for a crash of the machine only: after a kill of the server what was committed is still
        // there, because commits wait for their log to be written to the system's cache (synchronous_commit stays on).
        _process = await ChildProcess.StartAsync(Start("postgres",
            "-D", _folder.Path, "-p", _port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=", "-c", "shared_buffers=64MB", "-c", "max_connections=200",
            "-c", "fsync=off", "-c", "full_page_writes=off"));
        await WaitUntilReadyAsync(_process);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            // "Immediate": no checkpoint, but its children end and shared memory is freed, unlike after kill -9.
            _process.Signal(UnixSignal.Continue);
            _process.Signal(UnixSignal.Quit);
            await _process.WaitForExitAsync(_startDeadline);
            await _process.DisposeAsync();
        }

        _folder.Dispose();
    }

    private ChildProcessStart Start(string program, params string[] arguments) =>
        new(_installation.Program(program))
        {
            Arguments = arguments,
            User = PostgresInstallation.User,
            ParentDeathSignal = UnixSignal.Quit,
            Environment = new Dictionary<string, string> { ["LC_ALL"] = "C.UTF-8", ["HOME"] = _folder.Path },
        };

    private async Task RunAsync(string program, params string[] arguments)
    {
        await using var process = await ChildProcess.StartAsync(Start(program, arguments));
        if (await process.WaitForExitAsync(_startDeadline) is var code and not 0)
        {
            throw new InvalidOperationException($"{program} ended with code {code}:\n{process.Output}");
        }
    }

    private async Task WaitUntilReadyAsync(ChildProcess process)
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString("postgres")) { Pooling = false, Timeout = 2 };
        using var expiry = new CancellationTokenSource(_startDeadline, TimeProvider.System);
        while (!process.HasExited && !expiry.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(settings.ConnectionString);
                await connection.OpenAsync(expiry.Token);
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
            {
                // Not up yet, or recovering after a kill.
            }

            await Task.Delay(_pollInterval, TimeProvider.System);
        }

        throw new InvalidOperationException(
            $"PostgreSQL did not answer on port {_port} within {_startDeadline}. Its output:\n{process.Output}");
    }
}
