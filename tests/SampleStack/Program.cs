using Aspire.Hosting;

// A stack of shell scripts, for tests that need a host as a process of its own: to be spoken to, and to be killed.
var builder = DistributedApplication.CreateBuilder(args);

// A tree: two children, one of which leaves the group and the session.
builder.AddExecutable("tree", "sh", "/", "-c", "echo tree is up; sleep 900 & setsid sleep 901 & wait");

// Refuses to end when asked, with a child that refuses too.
if (builder.Configuration["Sample:Stubborn"] is not null)
{
    builder.AddExecutable(
        "stubborn", "sh", "/", "-c", "trap '' TERM INT; (trap '' TERM INT; sleep 902) & while :; do sleep 903; done");
}

var port = int.TryParse(builder.Configuration["Ports:Fixed"], out var given) ? given : (int?)null;
builder.AddExecutable("scaled", "sh", "/", "-c", "echo replica; exec sleep 904")
    .WithHttpEndpoint(port: port, name: "http");

builder.Build().Run();
