using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Building;
using Aspire.Hosting.Control;
using Aspire.Hosting.Manifest;
using Aspire.Hosting.Running;

namespace Aspire.Hosting;

/// <summary>An application that was described by a builder: run, published, or spoken to while it runs.</summary>
public sealed class DistributedApplication
{
    private readonly DistributedApplicationBuilder _builder;
    private readonly AppHostBuildOutput _output;
    private readonly StateBoard _board = new();

    internal DistributedApplication(DistributedApplicationBuilder builder, AppHostBuildOutput output)
    {
        _builder = builder;
        _output = output;
        ResourceNotifications = new ResourceNotificationService(_board);
    }

    public ResourceNotificationService ResourceNotifications { get; }

    public static IDistributedApplicationBuilder CreateBuilder(string[] args)
    {
        // A mistake in the model or in a setting is the reader's to correct: a sentence helps, a stack trace does not.
        AppDomain.CurrentDomain.UnhandledException += (_, thrown) =>
        {
            if (thrown.ExceptionObject is DistributedApplicationException exception)
            {
                Console.Error.WriteLine(exception.Message);
                Environment.Exit(1);
            }
        };
        return new DistributedApplicationBuilder(args, AppHostBuildOutput.Read(Assembly.GetEntryAssembly()));
    }

    public void Run() => RunAsync().GetAwaiter().GetResult();

    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            Environment.ExitCode = await RunVerbAsync(cancellationToken);
        }
        catch (DistributedApplicationException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            Environment.ExitCode = 1;
        }
    }

    private async Task<int> RunVerbAsync(CancellationToken cancellationToken)
    {
        if (_builder.ExecutionContext.IsPublishMode)
        {
            var file = await ManifestWriter.WriteFileAsync(
                _builder.Resources, _builder.Configuration, cancellationToken);
            await Console.Out.WriteLineAsync($"Published manifest to: {file}");
            return 0;
        }

        if (_builder.Command.Verb != CommandLine.Up)
        {
            return await new ControlClient(_builder.State).SendAsync(_builder.Command, cancellationToken);
        }

        if (_builder.Command.Detach)
        {
            return await DetachedHost.StartAsync(_builder.State, _builder.Command, cancellationToken);
        }

        await using var host = new LocalHost(_builder, _output, _board);
        return await host.RunAsync(cancellationToken);
    }
}
