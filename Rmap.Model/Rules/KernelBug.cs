namespace Rmap.Model;

/// <summary>
/// Linux would hit a BUG or an oops here, or never come back: a mechanism has met what cannot be, or an override of <see cref="Rules"/>
/// says so. The operation has no outcome, and the machine is not to be used any more. Whoever checks tells it as a breach of
/// <c>goes-on</c>.
/// </summary>
/// <param name="message">What Linux met.</param>
public sealed class KernelBug(string message) : InvalidOperationException(message);
