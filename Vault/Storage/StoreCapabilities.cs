namespace Continuity.Vault.Storage;

/// <summary>What a store can do with the credentials it was opened with.</summary>
/// <param name="ConditionalPut">Whether <see cref="PutCondition.IfAbsent"/> is decided by the store in one step, also
/// between processes.</param>
/// <param name="PutOnly">Whether the store was opened for writing only: gets and deletes are refused with
/// <see cref="StoreAccessDeniedException"/> before they reach the store.</param>
/// <param name="Durability">What a completed put survives.</param>
/// <param name="Immutability">The lock that the store puts on new blobs.</param>
public sealed record StoreCapabilities(
    bool ConditionalPut, bool PutOnly, StoreDurability Durability, StoreImmutability Immutability);
