using System.Collections.Immutable;

namespace Rmap.Model;

/// <summary>
/// Rules by name, in the order in which they are listed to people. A catalogue does not change: <see cref="With"/> gives a larger one.
/// </summary>
public sealed class RulesCatalogue
{
    private readonly ImmutableArray<Rules> all;

    private RulesCatalogue(ImmutableArray<Rules> all) => this.all = all;

    /// <summary>The versions of Linux that are told apart; the first is the default.</summary>
    public static RulesCatalogue Linux { get; } = new([new Linux618(), new Linux61(), new Linux612(), new Linux72(), new Linux73()]);

    /// <summary>The names.</summary>
    public IEnumerable<string> Names => all.Select(rules => rules.Name);

    /// <summary>The rules used if none are asked for.</summary>
    public Rules Default => all[0];

    /// <summary>The rules of this name, or null. They keep no state, so machines may share them.</summary>
    public Rules? Find(string name) => all.FirstOrDefault(rules => rules.Name == name);

    /// <summary>These and more rules.</summary>
    public RulesCatalogue With(params IEnumerable<Rules> more) => new([.. all, .. more]);
}
