using System.Diagnostics;

namespace Aspire.Hosting.Control;

/// <summary>
/// Starts a host that lives on in the background, shows what it says, and returns once its stack is healthy.
/// </summary>
internal static class DetachedHost
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    public static async Task<int> StartAsync(
        StateFolder state, CommandLine command, CancellationToken cancellationToken)
    {
        state.Create();
        // A mark of its own: a second start must not take the running stack's for its.
        var ready = state.In($"run/ready.{Environment.ProcessId}");
        var log = state.In($"run/host.{Environment.ProcessId}.log");
        var errors = state.In($"run/errors.{Environment.ProcessId}.log");
        var start = new ProcessStartInfo(
            "setsid",
            [
                "sh", "-c", $"exec \"$@\" >\"$0\" 2>\"{errors}\" </dev/null", log,
                .. ThisProgram(), .. command.InBackground(ready),
            ])
        {
            UseShellExecute = false,
            WorkingDirectory = Environment.CurrentDirectory,
        };
        using var host = Process.Start(start) ?? throw new InvalidOperationException("setsid gave no process.");
        using var output = new GrowingFile(log, Console.Out);
        while (!host.HasExited && !File.Exists(ready))
        {
            await output.CopyNewAsync(cancellationToken);
            await Task.Delay(Step, TimeProvider.System, cancellationToken);
        }

        await output.CopyNewAsync(cancellationToken);
        var isUp = !host.HasExited;
        if (File.Exists(errors))
        {
            await Console.Error.WriteAsync(await File.ReadAllTextAsync(errors, cancellationToken));
        }

        File.Delete(ready);
        if (!isUp)
        {
            File.Delete(log);
            File.Delete(errors);
        }

        return isUp ? 0 : 1;
    }

    private static string[] ThisProgram()
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("This process has no path.");
        var isDotnet = Path.GetFileNameWithoutExtension(program) == "dotnet";
        return isDotnet ? [program, Environment.GetCommandLineArgs()[0]] : [program];
    }

    /// <summary>Copies what another process appends to a file.</summary>
    private sealed class GrowingFile(string path, TextWriter target) : IDisposable
    {
        private StreamReader? _reader;

        public async Task CopyNewAsync(CancellationToken cancellationToken)
        {
            if (_reader is null && File.Exists(path))
            {
                _reader = new StreamReader(
                    new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            }

            if (_reader is not null)
            {
                await target.WriteAsync(await _reader.ReadToEndAsync(cancellationToken));
                await target.FlushAsync(cancellationToken);
            }
        }

        public void Dispose() => _reader?.Dispose();
    }
}
