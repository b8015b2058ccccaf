package io.keysweep.api.audit;

import io.keysweep.api.AuditProblem;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Verifies entries of an audit log that are added in their order, and collects every problem. Not thread-safe.
 *
 * <p>Each hash covers the hash before. After a first wrong signature, no other signature is checked, because an entry
 * that somebody else has made makes all entries after it worthless.
 */
public final class AuditChain {

    /** How many problems are kept; the others are counted. */
    public static final int MAX_PROBLEMS = 100;

    private final @Nullable PublicKey key;
    private final List<AuditProblem> problems = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private AuditLine.@Nullable Pruned pruned;
    private @Nullable AuditLine last;
    private long first = -1;
    private long entries;
    private long omitted;
    private boolean signatureFailed;

    /** Describes missing entries before an entry. */
    private record Gap(long from, AuditLine next) {}

    /**
     * Creates a chain without entries.
     *
     * @param key verifies the signatures; null to check the hashes only
     */
    public AuditChain(@Nullable PublicKey key) {
        this.key = key;
    }

    /** Adds the next entry. */
    public void add(AuditLine line) {
        entries++;
        long sequence = line.sequence();
        String previous = line.previous();
        if (sequence < 1 || previous == null) {
            problem(sequence, "is not an entry: sequence or previous is missing");
            return;
        }
        if (!line.hasRightHash()) {
            problem(sequence, "was changed: its hash is not that of its content");
        }
        long expected = last == null ? 1 : last.sequence() + 1;
        if (sequence > expected) {
            gaps.add(new Gap(expected, line));
        } else if (sequence < expected) {
            problem(sequence, "is out of order: it follows entry " + (expected - 1));
            return;
        } else if (!previous.equals(last == null ? AuditLine.NO_HASH : last.hash())) {
            problem(sequence, "does not follow the entry before: previous is another hash");
        }
        if (first < 0) {
            first = sequence;
        }
        if (line.pruned() != null) {
            pruned = line.pruned();
        }
        last = line;
        checkSignature(line);
    }

    /** Adds a problem that the caller has found itself. */
    public void problem(long sequence, String problem) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(new AuditProblem(sequence, problem));
        } else {
            omitted++;
        }
    }

    /**
     * Ends the verification, after which {@link #problems} is complete.
     *
     * @param part whether the entries are a part of a log, which may begin at any entry
     */
    public void end(boolean part) {
        for (Gap gap : gaps) {
            long before = gap.next().sequence() - 1;
            boolean beginning = gap.from() == 1 && gap.next().sequence() == first;
            if (!beginning || !(part || isPruned(before, gap.next().previous()))) {
                problem(
                        gap.from(),
                        before == gap.from() ? "is missing" : "and all entries up to " + before + " are missing");
            }
        }
        gaps.clear();
    }

    /**
     * Returns whether retention has removed all entries up to one. While it still removes entries, some of those that
     * it has named are still there.
     *
     * @param hash hash of that entry
     */
    private boolean isPruned(long sequence, @Nullable String hash) {
        AuditLine.Pruned removed = pruned;
        return removed != null
                && (sequence < removed.through()
                        || (sequence == removed.through() && removed.hash().equals(hash)));
    }

    private void checkSignature(AuditLine line) {
        PublicKey verifier = key;
        if (verifier != null && !signatureFailed && !line.isSigned(verifier)) {
            signatureFailed = true;
            problem(line.sequence(), "is not signed with the key of this log: somebody else has made or changed it");
        }
    }

    /** Returns the problems that were found, at most {@value #MAX_PROBLEMS}. */
    public List<AuditProblem> problems() {
        return List.copyOf(problems);
    }

    /** Returns how many problems are not in {@link #problems}. */
    public long omitted() {
        return omitted;
    }

    /** Returns how many entries were added. */
    public long entries() {
        return entries;
    }

    /** Returns the sequence number of the first entry, or -1 if there is none. */
    public long first() {
        return first;
    }

    /** Returns the sequence number of the last entry, or 0 if there is none. */
    public long lastSequence() {
        return last == null ? 0 : last.sequence();
    }

    /** Returns the hash of the last entry. */
    public String lastHash() {
        return last == null ? AuditLine.NO_HASH : Objects.requireNonNull(last).hash();
    }
}
