using Continuity.ControlPlane;
using Continuity.ServiceDefaults;
using Continuity.Workers;
using Continuity.Workers.Jobs;
using Continuity.Workers.Monitoring;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
// The database's health is not the worker's: without it, jobs go on while their lease lasts, and probes for ever.
builder.AddNpgsqlDataSource("continuity", settings => settings.DisableHealthChecks = true);
builder.Services.AddControlPlane();
builder.AddWorkerIdentity();
builder.AddJobs();
builder.AddMonitoring();

var app = builder.Build();
app.MapDefaultEndpoints();
await app.RunAsync();
