using System.Text.Json.Serialization;

namespace Continuity.Contracts.Keys;

/// <summary>What the holder of a key may do.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<Role>))]
public enum Role
{
    /// <summary>Calls model services (<c>/v1</c>) and nothing else.</summary>
    Client,

    /// <summary>Reads the control plane.</summary>
    Viewer,

    /// <summary>Reads, and starts jobs and changes what is protected and served.</summary>
    Operator,

    /// <summary>Reads, and approves what an operator proposed.</summary>
    Approver,

    /// <summary>All of it, keys included.</summary>
    Admin,
}
