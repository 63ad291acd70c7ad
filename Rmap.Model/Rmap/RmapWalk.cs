namespace Rmap.Model.Rmap;

/// <summary>One place that a walk looks at.</summary>
/// <param name="Vma">The VMA.</param>
/// <param name="Address">Where in it the page should be.</param>
public readonly record struct RmapVisit(VmArea Vma, VirtualPage Address)
{
    /// <summary>The page-table entry at this place.</summary>
    internal Pte Pte => Vma.Mm.PageTable[Address];

    /// <summary>Stores an entry there.</summary>
    internal void Store(Pte pte) => Vma.Mm.PageTable[Address] = pte;

    /// <summary><c>page_vma_mapped_walk</c>: whether the page is really mapped here.</summary>
    internal bool Maps(Page page, Rules rules) => rules.CheckPte(Pte, page);
}

/// <summary>
/// <c>rmap_walk</c> (<c>mm/rmap.c</c>, <c>mm/ksm.c</c>, 6.18): from a page to the places that may map it. Its locks are
/// those of whoever does something there (<c>LockedWalk</c>).
/// </summary>
public static class RmapWalk
{
    /// <summary>
    /// All places that the walk of a page looks at, in its order: those that turn out not to map it included, and a KSM page's
    /// place as often as Linux visits it. Allocates nothing.
    /// </summary>
    /// <param name="page">Any page. One without a mapping has no places.</param>
    /// <param name="rules">The decisions.</param>
    public static RmapVisits Visits(Page page, Rules rules) => new(page, rules);
}

/// <summary>The places that a walk looks at, for <c>foreach</c>.</summary>
/// <param name="page">The page walked from.</param>
/// <param name="rules">The decisions.</param>
public readonly struct RmapVisits(Page page, Rules rules)
{
    /// <summary>Begins the walk.</summary>
    public Enumerator GetEnumerator() => new(page, rules);

    /// <summary>
    /// A walk under way. Which of <c>rmap_walk_anon</c>, <c>rmap_walk_file</c> and <c>rmap_walk_ksm</c> it is follows from the
    /// page's mapping. The VMAs and their links must stay as they are meanwhile; PTEs may change.
    /// </summary>
    public struct Enumerator
    {
        private readonly Rules rules;
        private readonly StableNode? node;
        private readonly long index;
        private IntervalNode<AnonVmaChain>? link;
        private IntervalNode<VmArea>? mapped;
        private RmapItem? item;
        private int place;
        private bool newForks;
        private int steps;
        private long first, last;

        internal Enumerator(Page page, Rules rules)
        {
            this.rules = rules;
            index = page.Index;
            switch (page.Mapping)
            {
                case AnonVma anonVma:
                    link = anonVma.Tree.First(index, index);
                    break;
                case AddressSpace file:
                    mapped = file.IMmap.First(index, index);
                    break;
                case StableNode stable:
                    node = stable;
                    break;
            }
        }

        /// <summary>The place reached.</summary>
        public RmapVisit Current { get; private set; }

        /// <summary>Of a KSM page, the item whose AV led there; else null.</summary>
        public readonly RmapItem? Item => item;

        /// <summary>Of a KSM page, whether it was reached in the second round (<c>search_new_forks</c>).</summary>
        public readonly bool SearchesNewForks => newForks;

        /// <summary>Goes on to the next place.</summary>
        /// <returns>False at the end.</returns>
        public bool MoveNext() => node is not null ? NextOfKsm(node) : NextOfAnon() || NextOfFile();

        /// <summary>One step further: an interval that is still, or again, in the tree.</summary>
        private IntervalNode<T>? Next<T>(IntervalNode<T> at, long start, long last) => ++steps <= KernelBug.Endless
            ? at.Next(start, last)
            : throw new KernelBug($"walks the rmap of the pages with index {start} without end");

        /// <summary><c>rmap_walk_anon</c>: the VMAs linked to the page's AV whose interval has the page's index.</summary>
        private bool NextOfAnon()
        {
            while (link is not null)
            {
                VmArea vma = link.Value.Vma;
                link = Next(link, index, index);
                if (Reached(vma, vma.AnonPageOffset))
                    return true;
            }

            return false;
        }

        /// <summary><c>rmap_walk_file</c>: the VMAs of the file whose interval has the page's index.</summary>
        private bool NextOfFile()
        {
            while (mapped is not null)
            {
                VmArea vma = mapped.Value;
                mapped = Next(mapped, index, index);
                if (Reached(vma, vma.PageOffset))
                    return true;
            }

            return false;
        }

        /// <summary>
        /// <c>rmap_walk_ksm</c>: for each item all VMAs linked to its AV that cover its address; in a first round those of the item's
        /// own mm, in a second one those of other mms, which may have been forked from it since ksmd passed.
        /// </summary>
        private bool NextOfKsm(StableNode stable)
        {
            do
            {
                while (link is not null)
                {
                    VmArea vma = link.Value.Vma;
                    link = Next(link, first, last);
                    if (rules.KsmItemLiesIn(vma, item!.Address) && rules.KsmWalkTakes(vma, item, newForks))
                    {
                        Current = new RmapVisit(vma, item.Address);
                        return true;
                    }
                }
            }
            while (NextItem(stable));

            return false;
        }

        private bool NextItem(StableNode stable)
        {
            if (place == stable.Items.Count && !newForks)
            {
                newForks = true;
                place = 0;
            }

            if (place == stable.Items.Count)
                return false;

            item = stable.Items[place++];
            if (item.IsFreed)
                throw KernelBug.UseAfterFree("rmap_item of", item);

            steps = 0;
            (first, last) = rules.KsmWalkInterval(item);
            link = item.AnonVma!.Tree.First(first, last);
            return true;
        }

        private bool Reached(VmArea vma, long first)
        {
            if (rules.VmaAddress(vma, index, first) is not { } address)
                return false;

            Current = new RmapVisit(vma, address);
            return true;
        }
    }
}
