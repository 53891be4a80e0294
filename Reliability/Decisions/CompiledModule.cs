using Continuity.Reliability.Preprocessing;

namespace Continuity.Reliability.Decisions;

/// <summary>A module and its decision diagram.</summary>
/// <param name="Module">The module.</param>
/// <param name="Nodes">The diagram's nodes, children first.</param>
/// <param name="Root">
/// The module's function. Where it is negated, the module is true of all-false; users then take the plain function as
/// their variable, so that every variable of every diagram is false of all-false.
/// </param>
/// <param name="InputAtLevel">The place in the module's inputs of each level's variable.</param>
/// <param name="Peak">The most nodes that building it held at once.</param>
internal sealed record CompiledModule(
    Module Module, DecisionNode[] Nodes, int Root, int[] InputAtLevel, int Peak);
