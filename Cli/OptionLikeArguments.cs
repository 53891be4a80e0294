using System.CommandLine;

namespace Continuity.Cli;

/// <summary>Keeps a mistyped option from being taken for a path or a name.</summary>
internal static class OptionLikeArguments
{
    public static void Refuse(Argument argument) => argument.Validators.Add(result =>
    {
        foreach (var token in result.Tokens.Where(token => token.Value.Length > 1 && token.Value[0] == '-'))
        {
            result.AddError($"There is no option '{token.Value}' here; write ./{token.Value} for a path of that name.");
        }
    });
}
