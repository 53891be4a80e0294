using System.Security.Cryptography;

namespace Aspire.Hosting.Building;

/// <summary>Secrets made once for this state folder and read back ever after.</summary>
internal static class GeneratedSecrets
{
    public const int Length = 22;

    private const string Letters = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789";

    public static string Get(string? stateFolder, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(stateFolder);
        var folder = Directory.CreateDirectory(
            Path.Combine(stateFolder, "keys"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var file = Path.Combine(folder.FullName, name);
        if (!File.Exists(file))
        {
            // Written beside and renamed: two readers at once agree on one value.
            var fresh = $"{file}.{Environment.ProcessId}";
            File.WriteAllText(fresh, RandomNumberGenerator.GetString(Letters, Length));
            File.SetUnixFileMode(fresh, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            MoveUnlessThere(fresh, file);
        }

        return File.ReadAllText(file).Trim();
    }

    private static void MoveUnlessThere(string fresh, string file)
    {
        try
        {
            File.Move(fresh, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(fresh);
        }
    }
}
