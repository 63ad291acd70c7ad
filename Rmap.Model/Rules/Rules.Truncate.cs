namespace Rmap.Model;

public partial class Rules
{
    /// <summary><c>truncate_pagecache</c>: the first index that is unmapped when a file shrinks to this many pages.</summary>
    public virtual long TruncateUnmapsFrom(long pages) => pages;

    /// <summary><c>truncate_pagecache_range</c>: the last index that is unmapped when a hole ends there (inclusive).</summary>
    public virtual long PunchUnmapsUpTo(long last) => last;

    /// <summary>
    /// <c>should_zap_folio</c>, <c>should_zap_cows</c>: whether an entry is the process's own, and stays where only the file's go. The zero
    /// page that KSM has put in a private copy's place has no folio to be asked, so it goes.
    /// </summary>
    public virtual bool HoleSpares(Pte pte) => pte.Kind switch
    {
        PteKind.Present or PteKind.Migration => pte.Page.IsAnon,
        PteKind.Swap or PteKind.Poisoned => true,
        _ => false,
    };
}
