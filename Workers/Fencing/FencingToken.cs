namespace Continuity.Workers.Fencing;

/// <summary>The token of the lease on an artefact set; tokens of different sets say nothing about each other.</summary>
internal readonly record struct FencingToken(string ArtefactSet, long Value);
