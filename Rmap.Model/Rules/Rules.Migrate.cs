namespace Rmap.Model;

public partial class Rules
{
    /// <summary>
    /// <c>__folio_migrate_mapping</c>: the index of the new page. The old one's: the walk that restores the PTEs goes by it.
    /// </summary>
    public virtual long IndexAfterMigration(Page from) => from.Index;

    /// <summary><c>__folio_migrate_mapping</c>, <c>folio_migrate_flags</c>: whether the new page of a dirty one is dirty.</summary>
    public virtual bool MigrationKeepsDirty(Page from) => true;

    /// <summary><c>__folio_migrate_mapping</c>: whether the new page takes the old one's place in its file's i_pages.</summary>
    public virtual bool MigrationMovesPageCache(Page from) => true;

    /// <summary>
    /// <c>remove_migration_pte</c>: whether stores go through the restored PTE: if the entry is of the "write" kind, or the VMA's page
    /// protection lets them.
    /// </summary>
    public virtual bool MigrationRestoresWritable(VmArea vma, Pte entry) => entry.IsWritable || IsPageProtWritable(vma);

    /// <summary>
    /// <c>remove_migration_pte</c>: whether an anonymous page is exclusive again: unless the entry is of the "read" kind.
    /// </summary>
    public virtual bool MigrationRestoresExclusive(Pte entry) => entry.IsWritable || entry.IsExclusive;
}
