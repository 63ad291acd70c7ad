namespace Rmap.Model;

public partial class Rules
{
    /// <summary><c>truncate_pagecache</c>: the first index that is unmapped when a file shrinks to this many pages.</summary>
    public virtual long TruncateUnmapsFrom(long pages) => pages;

    /// <summary><c>truncate_pagecache_range</c>: the last index that is unmapped when a hole ends there (inclusive).</summary>
    public virtual long PunchUnmapsUpTo(long last) => last;
}
