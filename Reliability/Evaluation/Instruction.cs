namespace Continuity.Reliability.Evaluation;

/// <summary>value = values[IfTrue] * values[High] + values[IfFalse] * values[Low].</summary>
/// <param name="IfTrue">The slot of the probability that the variable is true.</param>
/// <param name="IfFalse">The slot of the probability that it is false.</param>
/// <param name="High">The slot of the probability given that it is true.</param>
/// <param name="Low">The slot of the probability given that it is false.</param>
internal readonly record struct Instruction(int IfTrue, int IfFalse, int High, int Low);
