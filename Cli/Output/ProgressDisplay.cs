using System.Globalization;
using Spectre.Console;

namespace Continuity.Cli.Output;

/// <summary>Shows how far some work is on standard error: a bar in a terminal, a line now and then elsewhere.</summary>
internal sealed class ProgressDisplay(IAnsiConsole console, bool isQuiet, TimeProvider time)
{
    private static readonly TimeSpan BarInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    /// <summary>Runs work while showing what <paramref name="look"/> says about it.</summary>
    public async Task<T> RunAsync<T>(string title, Func<Amount> look, Task<T> work)
    {
        if (isQuiet)
        {
            return await work;
        }

        if (console.Profile.Capabilities.Interactive && console.Profile.Out.IsTerminal)
        {
            await ShowBarAsync(title, look, work);
        }
        else
        {
            await ShowLinesAsync(title, look, work);
        }

        return await work;
    }

    private async Task ShowBarAsync(string title, Func<Amount> look, Task work)
    {
        await console.Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(),
                new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Markup.Escape(title), maxValue: 1);
                while (!await EndedWithinAsync(work, BarInterval))
                {
                    var amount = look();
                    bar.IsIndeterminate = amount.TotalBytes is null;
                    bar.MaxValue = Math.Max(1, amount.TotalBytes ?? amount.Bytes);
                    bar.Value = amount.Bytes;
                    bar.Description = Markup.Escape($"{title} {amount.Detail}");
                }
            });
    }

    private async Task ShowLinesAsync(string title, Func<Amount> look, Task work)
    {
        var started = time.GetTimestamp();
        while (!await EndedWithinAsync(work, LineInterval))
        {
            var amount = look();
            var seconds = time.GetElapsedTime(started).TotalSeconds;
            var rate = seconds > 0 ? amount.Bytes / seconds : 0;
            var left = amount.TotalBytes is { } total && rate > 0
                ? $" of {Bytes.Text(total)}, {Bytes.Time(Left(amount.Bytes, total, rate))} left"
                : string.Empty;
            await Console.Error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{title}: {amount.Detail}, {Bytes.Text(amount.Bytes)}{left}, {Bytes.Text(rate)}/s"));
        }
    }

    private static TimeSpan Left(long done, long total, double rate) =>
        TimeSpan.FromSeconds(Math.Max(0, total - done) / rate);

    private async Task<bool> EndedWithinAsync(Task work, TimeSpan interval) =>
        await Task.WhenAny(work, Task.Delay(interval, time)) == work;
}
