namespace Continuity.Reliability.Preprocessing;

/// <summary>One module: its own gates over inputs that are events or other modules.</summary>
/// <remarks>
/// In <see cref="Gates"/> a literal's node is local: 1 to Inputs.Length are the inputs, the next ones the gates in
/// order.
/// The last gate is the module's function.
/// </remarks>
/// <param name="Node">The module's node in the formula.</param>
/// <param name="Inputs">Nodes of the formula: variables and earlier modules.</param>
/// <param name="Gates">Arguments first.</param>
internal sealed record Module(int Node, int[] Inputs, FormulaNode[] Gates);
