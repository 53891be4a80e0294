using Npgsql;

namespace Continuity.Api;

internal static class Database
{
    private const string ConnectionName = "continuity";
    private const int MaxPoolSize = 20;
    private const int ConnectSeconds = 5;
    private const int CommandSeconds = 15;

    /// <summary>
    /// Adds PostgreSQL with limits that suit a service whose callers wait: what the connection string says wins.
    /// </summary>
    public static void AddControlPlaneDatabase(this WebApplicationBuilder builder) =>
        builder.AddNpgsqlDataSource(
            ConnectionName,
            settings => settings.ConnectionString = WithLimits(settings.ConnectionString));

    internal static string? WithLimits(string? connectionString)
    {
        if (string.IsNullOrEmpty(connectionString))
        {
            return connectionString;
        }

        var asked = new NpgsqlConnectionStringBuilder(connectionString);
        var limited = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = asked.ApplicationName ?? "continuity-api",
        };
        SetUnlessAsked("Maximum Pool Size", MaxPoolSize);
        SetUnlessAsked("Timeout", ConnectSeconds);
        SetUnlessAsked("Command Timeout", CommandSeconds);
        return limited.ConnectionString;

        void SetUnlessAsked(string keyword, int value)
        {
            if (!asked.ContainsKey(keyword))
            {
                limited[keyword] = value;
            }
        }
    }
}
