using System.ComponentModel.DataAnnotations;

namespace Continuity.Contracts.Tests;

public sealed class NamesTests
{
    [Theory]
    [InlineData("east", true)]
    [InlineData("model-east-1", true)]
    [InlineData("a", true)]
    [InlineData("East", false)]
    [InlineData("-east", false)]
    [InlineData("east.", false)]
    [InlineData("a/b", false)]
    [InlineData("a\n", false)]
    public void IdPattern_AcceptsOnlyNames(string name, bool valid) =>
        Assert.Equal(valid, new RegularExpressionAttribute(Names.IdPattern).IsValid(name));

    [Theory]
    [InlineData("meta-llama/Llama-3.1-8B", true)]
    [InlineData("qwen2:7b", true)]
    [InlineData("/absolute", false)]
    [InlineData("a b", false)]
    [InlineData("a?b", false)]
    public void ServicePattern_AcceptsModelNames(string name, bool valid) =>
        Assert.Equal(valid, new RegularExpressionAttribute(Names.ServicePattern).IsValid(name));
}
