namespace Rmap.Model;

/// <summary>The rules of Linux 6.18.35, the default.</summary>
public sealed class Linux618() : Rules(6, 18);

/// <summary>The rules of Linux 6.12.117.</summary>
public sealed class Linux612()
    : Rules(6, 12, Fix.DontUnmapMergesWithSource, Fix.DontUnmapUnlocksNeighbours, Fix.DontUnmapKeepsPageOffset);

/// <summary>The rules of Linux 6.1.192, from reading alone.</summary>
public sealed class Linux61()
    : Rules(6, 1, Fix.DontUnmapMergesWithSource, Fix.DontUnmapUnlocksNeighbours, Fix.DontUnmapKeepsPageOffset);

/// <summary>The rules of Linux 7.2.13.</summary>
public sealed class Linux72() : Rules(7, 2);

/// <summary>The rules of Linux 7.3.4.</summary>
public sealed class Linux73() : Rules(7, 3);
