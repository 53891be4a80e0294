using Continuity.ModelServer;
using Continuity.ModelServer.Chat;
using Continuity.ModelServer.Completions;
using Continuity.ModelServer.Embeddings;
using Continuity.ModelServer.Faults;
using Continuity.ModelServer.Serving;

const int wrongConfiguration = 2;

// The settings' folder is watched with all below it: never the folder that the server happens to be started in.
var builder = WebApplication.CreateSlimBuilder(
    new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);

var options = new ModelOptions();
try
{
    builder.Configuration.GetSection(ModelOptions.Section).Bind(options);
}
catch (InvalidOperationException exception)
{
    Console.Error.WriteLine($"The configuration cannot be read: {exception.Message}");
    return wrongConfiguration;
}

if (options.Errors().ToList() is { Count: > 0 } errors)
{
    errors.ForEach(Console.Error.WriteLine);
    return wrongConfiguration;
}

var time = TimeProvider.System;
var faults = new FaultSwitch();
var metrics = new EngineMetrics(options);
using var engine = new Engine(options, metrics, time);

await using var app = builder.Build();
app.UseDoor(options);
app.UseFaults(faults, time);
app.MapModel(options, metrics, time);
app.MapChat(options, engine, time);
app.MapCompletions(options, engine, time);
app.MapEmbeddings(options);
app.MapFaults(faults);
await app.RunAsync();
return 0;
