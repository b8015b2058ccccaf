package io.keysweep.engine.reclaim;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import io.keysweep.engine.topology.NodeRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the best method that a server and the user's permissions allow, by asking: each method is tried with a cursor
 * that no server accepts, so that nothing is touched. Scripts come first since no key name leaves the server, then
 * transactions, then plain pipelines; unless names may leave where it is cheaper, and a transaction is.
 */
public final class MethodSelector {

    /** Commands that a sweep needs beside those of its method. */
    private static final List<String> COMMON_PERMISSIONS = List.of("info", "select");

    /** At full share the server's longest steps are shorter for it, and it is no slower. */
    private static final int SHORT_STEP = 120;

    /** Of Valkey, where a key costs so little that a step's price for the client comes to the fore. */
    private static final int SHORT_STEP_OF_VALKEY = 350;

    private final NodeLink link;
    private final ServerErrors refusals;
    private final boolean namesSent;
    private final boolean transactionsCheaper;
    private final boolean pausesTold;
    private final int shortStep;

    /** For the server at the other end of a link. */
    public MethodSelector(NodeLink link, ServerErrors refusals, Flavour flavour, String version) {
        this.link = link;
        this.refusals = refusals;
        this.namesSent = !reclaimsThroughTypeFilter(flavour, ServerVersion.parse(version));
        // INFO paused_actions. There the few us of a script in each transaction are not worth it.
        this.pausesTold = flavour == Flavour.VALKEY;
        this.shortStep = flavour == Flavour.VALKEY ? SHORT_STEP_OF_VALKEY : SHORT_STEP;
        this.transactionsCheaper = costsLessInTransactions(flavour, ServerVersion.parse(version));
    }

    /** {@link #choose(boolean, KeyNames)} where names leave only if they must. */
    public MethodChoice choose(boolean nestedExpiry) {
        return choose(nestedExpiry, KeyNames.LEAVE_IF_NEEDED);
    }

    /**
     * The best method allowed.
     *
     * @param nestedExpiry whether commands inside scripts and transactions reclaim at all
     *     ({@code lazyexpire-nested-arbitrary-keys})
     * @param names whether names of keys may leave the server
     * @throws NodeRefusedException if none is
     */
    public MethodChoice choose(boolean nestedExpiry, KeyNames names) {
        List<String> refused = new ArrayList<>();
        ScanCall words = new ScanCall(namesSent);
        if (nestedExpiry) {
            for (ReclaimMethod method : candidates(words, names)) {
                Optional<Reply.Failure> refusal = probe(method);
                if (refusal.isEmpty()) {
                    return new MethodChoice(waitingForWrites(method), reason(method, refused));
                }
                if (refusal.get().code().equals("BUSY")) {
                    // Nothing that the server allows or not: the next answer may be another.
                    throw refusals.of(method.label(), refusal.get(), needed());
                }
                refused.add(method.label() + " refused: " + refusal.get().message());
            }
        } else {
            refused.add("the server is set to lazyexpire-nested-arbitrary-keys no, which keeps scripts and transactions"
                    + " from reclaiming");
        }
        if (names == KeyNames.STAY) {
            throw refusals.namesWouldLeave(String.join("; ", refused));
        }
        ReclaimMethod last = new PipelineStep(words);
        List<Reply> replies = probe(last.probe());
        for (int i = 0; i < replies.size(); i++) {
            if (replies.get(i) instanceof Reply.Failure failure
                    && last.refusal(List.of(failure)).isPresent()) {
                throw refusals.of(last.probe().get(i).name(), failure, needed());
            }
        }
        return new MethodChoice(last, reason(last, refused));
    }

    private List<ReclaimMethod> candidates(ScanCall words, KeyNames names) {
        ReclaimMethod script = new ScriptStep();
        ReclaimMethod transaction = transaction(words);
        return switch (names) {
            case STAY -> List.of(script);
            case LEAVE_IF_NEEDED -> List.of(script, transaction);
            case LEAVE_IF_CHEAPER ->
                transactionsCheaper ? List.of(transaction(new ScanCall(true)), script) : List.of(script, transaction);
        };
    }

    /**
     * The same method, or one that the server holds back while writes are paused, where it does not tell of that; it takes
     * EVAL.
     */
    private ReclaimMethod waitingForWrites(ReclaimMethod method) {
        if (method instanceof TransactionStep transaction && !pausesTold) {
            ReclaimMethod waiting = new TransactionStep(transaction.words(), shortStep, /* waitsForWrites= */ true);
            return probe(waiting).isEmpty() ? waiting : method;
        }
        return method;
    }

    private ReclaimMethod transaction(ScanCall words) {
        return new TransactionStep(words, shortStep, /* waitsForWrites= */ false);
    }

    /** Every command that a sweep with scripts asks for, in lower case. */
    public static List<String> needed() {
        List<String> all = new ArrayList<>(COMMON_PERMISSIONS);
        all.addAll(new ScriptStep().permissions());
        return all;
    }

    private Optional<Reply.Failure> probe(ReclaimMethod method) {
        return method.refusal(probe(method.probe()));
    }

    private List<Reply> probe(List<Command> commands) {
        return link.call(commands).replies();
    }

    private static String reason(ReclaimMethod method, List<String> refused) {
        if (refused.isEmpty()) {
            return method instanceof ScriptStep
                    ? "exact and atomic, and no key name leaves the server"
                    : "exact and atomic, and cheaper for this server than a script; key names cross the network";
        }
        String exact = method instanceof PipelineStep ? "the only way left" : "exact and atomic";
        return exact + "; " + String.join("; ", refused);
    }

    // Measured: from Valkey 8.1 on a SCAN costs so little that what a script adds about doubles it. On Redis 8.0 a
    // script
    // costs a tenth more than a transaction without names, and that a fifth more than one with them.
    private static boolean costsLessInTransactions(Flavour flavour, ServerVersion version) {
        return switch (flavour) {
            case VALKEY -> version.isAtLeast(8, 1);
            case REDIS -> version.isAtLeast(8, 0) && !version.isAtLeast(8, 1);
            case REDICT, UNKNOWN -> false;
        };
    }

    // Measured: these expire a key before they filter it, others after. A newer one is not trusted unseen.
    private static boolean reclaimsThroughTypeFilter(Flavour flavour, ServerVersion version) {
        return switch (flavour) {
            case REDIS -> version.isAtLeast(6, 0) && !version.isAtLeast(8, 1);
            case REDICT -> true;
            case VALKEY, UNKNOWN -> false;
        };
    }
}
