package io.keysweep.api.audit;

import io.keysweep.api.AuditProblem;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the entries of an audit log, which the caller adds in their order, and collects the problems. Not
 * thread-safe.
 *
 * <p>The service uses this class to verify its stored log. The command line uses it to verify an exported file. The
 * caller adds all entries, calls {@link #end}, and then reads {@link #problems}. An entry contains the hash of the
 * entry before, so a changed or missing entry breaks the chain. After the first wrong signature, the chain checks no
 * further signatures: the forger of that entry could have forged all later ones.
 */
public final class AuditChain {

    /** The number of problems that are kept; further ones are only counted, see {@link #omitted}. */
    public static final int MAX_PROBLEMS = 100;

    private final @Nullable PublicKey key;
    private final List<AuditProblem> problems = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();

    /** The removed entries that the newest entry about retention names; null if there is no such entry. */
    private AuditLine.@Nullable Pruned pruned;

    /** The newest entry in the right order; null before the first. */
    private @Nullable AuditLine last;

    /** The sequence number of the first entry; -1 before it. */
    private long first = -1;

    private long entries;
    private long omitted;
    private boolean signatureFailed;

    /** Describes the missing entries from a sequence number up to the entry before {@code next}. */
    private record Gap(long from, AuditLine next) {}

    /**
     * Creates a chain without entries.
     *
     * @param key verifies the signatures; null to check the hashes only
     */
    public AuditChain(@Nullable PublicKey key) {
        this.key = key;
    }

    /**
     * Adds the next entry, and records its problems. An entry without a sequence number or a previous hash, or an entry
     * out of order, is recorded as a problem and then ignored.
     */
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
        // Whether a gap is a problem is known only at the end, because a later entry may say that retention has removed
        // its entries.
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

    /**
     * Records a problem with an entry, or only counts it if {@value #MAX_PROBLEMS} problems are recorded already.
     * Callers record problems that they have found themselves, such as a line that cannot be parsed.
     *
     * @param sequence sequence number of the entry
     * @param problem rest of a sentence whose subject is the entry, such as {@code is missing}
     */
    public void problem(long sequence, String problem) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(new AuditProblem(sequence, problem));
        } else {
            omitted++;
        }
    }

    /**
     * Ends the verification, and records missing entries as problems, except entries that retention has removed.
     *
     * @param isExcerpt true if the entries are an excerpt of a log, which may begin at any entry; false if they are the
     *     whole log, which must begin at entry 1 or at the first entry that retention has left
     */
    public void end(boolean isExcerpt) {
        for (Gap gap : gaps) {
            long lastMissing = gap.next().sequence() - 1;
            // Retention removes the oldest entries, and an export may begin later, so only a gap at the beginning can
            // be right.
            boolean isAtBeginning = gap.from() == 1 && gap.next().sequence() == first;
            boolean isAllowed = isAtBeginning
                    && (isExcerpt || isPruned(lastMissing, gap.next().previous()));
            if (!isAllowed) {
                problem(
                        gap.from(),
                        lastMissing == gap.from()
                                ? "is missing"
                                : "and all entries up to " + lastMissing + " are missing");
            }
        }
        gaps.clear();
    }

    /**
     * Returns whether the log says that retention has removed an entry and all entries before it. Retention names the
     * entries first and then removes them in batches, so it may have removed only a part of the named entries.
     *
     * @param sequence sequence number of the last removed entry
     * @param hash hash of the last removed entry, which the next entry contains as {@code previous}
     */
    private boolean isPruned(long sequence, @Nullable String hash) {
        AuditLine.Pruned removed = pruned;
        return removed != null
                && (sequence < removed.through()
                        || (sequence == removed.through() && removed.hash().equals(hash)));
    }

    /** Records a wrong signature, unless there is no key or an earlier signature was wrong already. */
    private void checkSignature(AuditLine line) {
        PublicKey verifier = key;
        if (verifier != null && !signatureFailed && !line.isSigned(verifier)) {
            signatureFailed = true;
            problem(line.sequence(), "is not signed with the key of this log: somebody else has made or changed it");
        }
    }

    /** Returns the problems in the order in which they were found, at most {@value #MAX_PROBLEMS}. */
    public List<AuditProblem> problems() {
        return List.copyOf(problems);
    }

    /** Returns how many problems are not in {@link #problems}. */
    public long omitted() {
        return omitted;
    }

    /** Returns how many entries were added, including entries with problems. */
    public long entries() {
        return entries;
    }

    /** Returns the sequence number of the first entry in the right order, or -1 if there is none. */
    public long first() {
        return first;
    }

    /** Returns the sequence number of the last entry in the right order, or 0 if there is none. */
    public long lastSequence() {
        return last == null ? 0 : last.sequence();
    }

    /** Returns the hash of the last entry in the right order, or {@link AuditLine#NO_HASH} if there is none. */
    public String lastHash() {
        AuditLine newest = last;
        return newest == null ? AuditLine.NO_HASH : newest.hash();
    }
}
