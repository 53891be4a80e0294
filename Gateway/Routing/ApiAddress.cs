namespace Continuity.Gateway.Routing;

/// <summary>Where the Api is, as service discovery's configuration has it.</summary>
internal static class ApiAddress
{
    public static Uri Read(IConfiguration configuration) =>
        new(configuration["services:api:http:0"] ?? configuration["services:api:https:0"] ?? "http://api");
}
