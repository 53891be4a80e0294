using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;

namespace Continuity.ServiceDefaults.Credentials;

/// <summary>
/// What replicas ask for that don't answer everybody (an engine with an API key, another site's gateway), by name:
/// section <c>Credentials</c>.
/// </summary>
/// <remarks>
/// The control plane and routing snapshots know the names only: whoever reads a snapshot has no secret. Each process
/// has those it needs in its own settings, and reads them once, when it starts.
/// </remarks>
public sealed class ReplicaCredentials
{
    private const string Section = "Credentials";
    private readonly FrozenDictionary<string, string> _headers;

    private ReplicaCredentials(FrozenDictionary<string, string> headers) => _headers = headers;

    /// <summary>
    /// Reads <c>Credentials:NAME</c>, the secret itself, and <c>Credentials:NAME:File</c>, a file's path.
    /// </summary>
    /// <exception cref="InvalidOperationException">A secret is missing, or nothing that a header can carry; the message
    /// names the setting and never tells the secret.</exception>
    public static ReplicaCredentials Read(IConfiguration configuration) => new(
        configuration.GetSection(Section).GetChildren().ToFrozenDictionary(
            entry => entry.Key, entry => $"Bearer {ReadSecret(entry)}", StringComparer.OrdinalIgnoreCase));

    /// <summary>The value of the header <c>Authorization</c>; nothing where no such credential is there.</summary>
    /// <param name="name">The credential's name; a replica that asks for none has none.</param>
    public string? HeaderFor(string? name) => name is null ? null : _headers.GetValueOrDefault(name);

    /// <summary>Shows the credential with a request, if there is one.</summary>
    public void Authorize(HttpRequestMessage message, string? name)
    {
        if (HeaderFor(name) is { } header)
        {
            message.Headers.TryAddWithoutValidation("Authorization", header);
        }
    }

    private static string ReadSecret(IConfigurationSection entry)
    {
        var secret = entry["File"] is { Length: > 0 } path ? ReadFile(entry, path) : entry.Value ?? "";
        return secret.Length > 0 && secret.All(character => character is > ' ' and <= '~')
            ? secret
            : throw new InvalidOperationException(
                $"{entry.Path} is empty or holds a blank, a line break or something else that a header can't carry; "
                    + $"give the secret there, or the path of a file with nothing else in it as {entry.Path}:File.");
    }

    private static string ReadFile(IConfigurationSection entry, string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException(
                $"{entry.Path}:File, {path}, cannot be read: {exception.Message}", exception);
        }
    }
}
