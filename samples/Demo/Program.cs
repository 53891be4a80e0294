using Continuity.Demo;
using Spectre.Console;

// Usage: demo [FOLDER] [settings of ./run]; FOLDER defaults to the repository's own docs.
var root = LocalStack.FindRoot();
var folder = Path.GetFullPath(args.FirstOrDefault(argument => !argument.StartsWith("--", StringComparison.Ordinal))
    ?? Path.Combine(root, "docs"));
if (!Directory.Exists(folder))
{
    await Console.Error.WriteLineAsync($"demo: there is no folder {folder}; name one that exists: ./run demo FOLDER");
    return 1;
}

using var cancelled = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    cancelled.Cancel();
};

var stack = new LocalStack(root, [.. args.Where(argument => argument.StartsWith("--", StringComparison.Ordinal))]);
if (!await stack.StartAsync(cancelled.Token))
{
    return 1;
}

try
{
    var report = await new DemoRun(stack, folder, cancelled.Token).RunAsync();
    report.Print(AnsiConsole.Console);
    return report.IsNothingLost ? 0 : 1;
}
catch (Exception exception) when (
    exception is HttpRequestException or InvalidOperationException or TimeoutException or OperationCanceledException)
{
    await Console.Error.WriteLineAsync($"demo: {exception.Message}");
    return 1;
}
finally
{
    await stack.StopAsync();
}
