using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Health;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Infrastructure;

/// <summary>PostgreSQL as a child process with durable settings; its data survives restarts.</summary>
internal sealed class PostgresProgram(PostgresFiles files, TimeProvider time) : ILocalProgram
{
    private const int RaceWindowSeconds = 10;

    public DebianPackage? Package => new("postgresql-15", () => PostgresFiles.Programs is not null);

    public async Task<LaunchSpec> PrepareAsync(
        ContainerResource container, Instance instance, CancellationToken cancellationToken)
    {
        var server = (PostgresServerResource)container;
        var data = files.DataFolder(server);
        var programs = Programs();
        if (!File.Exists(Path.Combine(data, "PG_VERSION")))
        {
            await CreateClusterAsync(server, programs, data, cancellationToken);
        }

        await WaitForOldServerAsync(data, cancellationToken);
        PostgresFiles.RemoveStalePidFile(data);
        IReadOnlyList<string> words =
        [
            .. PostgresFiles.AsServerUser,
            Path.Combine(programs, "postgres"),
            "-D", data,
            "-p", Port(instance),
            "-c", "listen_addresses=127.0.0.1,::1",
            "-c", "unix_socket_directories=",
            "-c", "shared_buffers=64MB",
            "-c", "max_connections=200",
        ];
        return new LaunchSpec(words[0], [.. words.Skip(1)], "/")
        {
            Environment = CleanEnvironment(data),
            InheritsEnvironment = false,
            StopSignal = StopSignal.Interrupt,
        };
    }

    public IHealthCheck? HealthCheck(ContainerResource container, Instance instance) =>
        new PostgresReadyCheck($"{container.Name}_check", Path.Combine(Programs(), "pg_isready"), Port(instance));

    /// <summary>Creates the database unless it is there.</summary>
    public static async Task CreateDatabaseAsync(PostgresDatabaseResource database, CancellationToken cancellationToken)
    {
        var name = database.DatabaseName.Replace("'", "''", StringComparison.Ordinal);
        var exists = await QueryAsync(
            database.Parent, $"select 1 from pg_database where datname = '{name}'", cancellationToken);
        if (exists.Length == 0)
        {
            var quoted = database.DatabaseName.Replace("\"", "\"\"", StringComparison.Ordinal);
            await QueryAsync(database.Parent, $"create database \"{quoted}\"", cancellationToken);
        }
    }

    private static async Task<string> QueryAsync(
        PostgresServerResource server, string sql, CancellationToken cancellationToken)
    {
        var port = server.PrimaryEndpoint.Port.ToString(CultureInfo.InvariantCulture);
        var user = await server.UserName.GetValueAsync(cancellationToken) ?? PostgresServerResource.DefaultUserName;
        var password = await server.PasswordParameter.GetValueAsync(cancellationToken) ?? "";
        var result = await Shell.RunAsync(
            Path.Combine(Programs(), "psql"),
            [
                "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1",
                "-h", "127.0.0.1", "-p", port, "-U", user, "-d", "postgres", "-c", sql,
            ],
            new Dictionary<string, string> { ["PGPASSWORD"] = password, ["PGCONNECT_TIMEOUT"] = "5" },
            cancellationToken);
        return result.ExitCode == 0
            ? result.Output.Trim()
            : throw new DistributedApplicationException($"PostgreSQL '{server.Name}': {result.Error.Trim()}");
    }

    private static async Task CreateClusterAsync(
        PostgresServerResource server, string programs, string data, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(data);
        var passwordFile = Path.Combine(Path.GetDirectoryName(data)!, "initial-password");
        var user = await server.UserName.GetValueAsync(cancellationToken) ?? PostgresServerResource.DefaultUserName;
        try
        {
            await using (var file = new FileStream(passwordFile, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
            await using (var writer = new StreamWriter(file))
            {
                await writer.WriteAsync(await server.PasswordParameter.GetValueAsync(cancellationToken));
            }

            if (Native.IsRoot)
            {
                await CheckedAsync(
                    ["chown", $"{PostgresFiles.ServerUser}:", data, passwordFile], data, cancellationToken);
            }

            File.SetUnixFileMode(data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            await CheckedAsync(
                [
                    .. PostgresFiles.AsServerUser, Path.Combine(programs, "initdb"), "-D", data, "-U", user,
                    "-A", "scram-sha-256", $"--pwfile={passwordFile}",
                    "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions",
                ],
                data,
                cancellationToken);
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    private static async Task CheckedAsync(string[] words, string data, CancellationToken cancellationToken)
    {
        var result = await Shell.RunAsync(words[0], words.Skip(1), CleanEnvironment(data), cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new DistributedApplicationException(
                $"PostgreSQL's data folder {data} cannot be made: {result.Error.Trim()}");
        }
    }

    // A server that a killed host left is asked to end. After a kill of the server itself its children need a moment
    // to notice: while one of them lives, its memory is in use and the next server refuses to start.
    private async Task WaitForOldServerAsync(string data, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < RaceWindowSeconds * 10; tries++)
        {
            var server = PostgresFiles.RunningServer(data);
            if (server is null && !PostgresFiles.ServersChildren(data).Any())
            {
                return;
            }

            if (server is { } process)
            {
                Native.Kill(process, Native.SigInt);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
        }
    }

    private static Dictionary<string, string> CleanEnvironment(string data) =>
        new() { ["PATH"] = "/usr/bin:/bin", ["LANG"] = "C.UTF-8", ["HOME"] = data };

    private static string Port(Instance instance) => instance.TargetPorts["tcp"].ToString(CultureInfo.InvariantCulture);

    private static string Programs() => PostgresFiles.Programs
        ?? throw new DistributedApplicationException("PostgreSQL is not installed (package postgresql-15).");
}

/// <summary>The server answers on its port and has finished its start-up or recovery.</summary>
internal sealed class PostgresReadyCheck(string key, string program, string port) : IHealthCheck
{
    public string Key => key;

    public async Task<HealthResult> CheckAsync(CancellationToken cancellationToken)
    {
        var result = await Shell.RunAsync(
            program, ["-q", "-h", "127.0.0.1", "-p", port], environment: null, cancellationToken);
        return result.ExitCode switch
        {
            0 => HealthResult.Healthy,
            1 => new HealthResult("the server is starting up or recovering"),
            _ => new HealthResult($"no server answers on port {port}"),
        };
    }
}
