namespace Rmap.Adapters.Tests.VerifyXunit;

/// <summary>The message of a failure. Tools parse its first part.</summary>
public class MessageTests : SnapshotFolder
{
    [Fact]
    public async Task New()
    {
        Assert.Equal(
            $"""
            Directory: {Folder}
            New:
              - Received: MessageTests.New.received.txt
                Verified: MessageTests.New.verified.txt

            FileContent:

            New:

            Received: MessageTests.New.received.txt
            one
            two


            """.ReplaceLineEndings("\n"),
            await Failure(Verify("one\ntwo", Settings())));
    }

    [Fact]
    public async Task NotEqual_ends_with_a_unified_diff()
    {
        Write(FileName("verified"), string.Join('\n', "a b c d e f g h i j k l m n o p q r s t".Split(' ')));
        var received = string.Join('\n', "a b c d E f g h i j k l m n o p r s t u".Split(' '));
        var message = await Failure(Verify(received, Settings()));
        var name = "MessageTests.NotEqual_ends_with_a_unified_diff";
        Assert.StartsWith(
            $"""
            Directory: {Folder}
            NotEqual:
              - Received: {name}.received.txt
                Verified: {name}.verified.txt

            FileContent:

            NotEqual:

            Received: {name}.received.txt
            a
            """.ReplaceLineEndings("\n"),
            message);
        Assert.EndsWith(
            $"""
            t
            u
            Verified: {name}.verified.txt
            a
            b
            c
            d
            e
            f
            g
            h
            i
            j
            k
            l
            m
            n
            o
            p
            q
            r
            s
            t

            Diff:

            --- {name}.verified.txt
            +++ {name}.received.txt
            @@ -2,7 +2,7 @@
             b
             c
             d
            -e
            +E
             f
             g
             h
            @@ -14,7 +14,7 @@
             n
             o
             p
            -q
             r
             s
             t
            +u

            """.ReplaceLineEndings("\n"),
            message);
    }

    [Fact]
    public async Task Changes_at_both_ends_and_near_each_other_share_a_hunk()
    {
        Write(FileName("verified"), "a\nb\nc\nd\ne\nf\ng\nh");
        var message = await Failure(Verify("A\nb\nc\nd\ne\nf\ng\nH", Settings()));
        Assert.EndsWith("@@ -1,8 +1,8 @@\n-a\n+A\n b\n c\n d\n e\n f\n g\n-h\n+H\n", message);
    }

    [Fact]
    public async Task There_is_no_stack_trace()
    {
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => Verify("text", Settings()));
        Assert.Equal("", exception.StackTrace);
    }
}
