using System.Security.Cryptography;

namespace Continuity.AppHost;

/// <summary>
/// The API key <c>ck_ID_SECRET</c> of a development stack: random, made once, readable by its owner only.
/// </summary>
internal static class DevelopmentKey
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int IdLength = 8;
    private const int SecretLength = 32;

    public static string ReadOrMake(string file)
    {
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var writer = new StreamWriter(file, options);
            writer.Write($"ck_{Random(IdLength)}_{Random(SecretLength)}");
        }

        return File.ReadAllText(file);
    }

    private static string Random(int length) => RandomNumberGenerator.GetString(Letters, length);
}
