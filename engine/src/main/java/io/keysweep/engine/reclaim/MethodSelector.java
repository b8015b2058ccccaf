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
 * Selects the best {@link ReclaimMethod} that a server and the user's permissions allow, before a sweep or an estimate.
 *
 * <p>A reclaim method is a way to send a step: a SCAN between two DBSIZE calls, whose difference is the number of
 * reclaimed keys. The selector tries one method after the other until a method is allowed. The order of preference is:
 *
 * <ol>
 * <li>a script, since no key name leaves the server
 * <li>a transaction
 * <li>a plain pipeline, whose counts are not exact
 * </ol>
 *
 * <p>Exception: with {@link KeyNames#LEAVE_IF_CHEAPER}, a transaction comes before a script on servers where it is
 * known to be cheaper.
 *
 * <p>To try a method, the selector sends a step of it with the word {@code probe} in place of the cursor. A server that
 * allows the commands answers "invalid cursor" and touches no key. Any other error means that the method is not
 * allowed.
 */
public final class MethodSelector {

    /** The commands that a sweep needs in addition to the commands of its method. */
    private static final List<String> COMMON_COMMANDS = List.of("info", "select");

    /**
     * The largest COUNT of a transaction at full share, where the sweep may take all of the server's time. Several
     * steps are on their way then, so the server never waits for the client. A larger COUNT would only make the longest
     * steps longer.
     */
    private static final int USEFUL_COUNT = 120;

    /**
     * The largest COUNT of a transaction at full share on Valkey. It is larger than on other servers, because a key
     * costs Valkey so little time that the client's time for each step matters more.
     */
    private static final int USEFUL_COUNT_VALKEY = 350;

    private final NodeLink link;
    private final ServerErrors errors;

    /**
     * Whether a SCAN reclaims only if it also returns the key names. On the other servers, a TYPE filter keeps the
     * names on the server, and expired keys are still removed; see {@link ScanCall}.
     */
    private final boolean namesNeeded;

    /** Whether a transaction costs the server less than a script. */
    private final boolean transactionsCheaper;

    /** Whether the server reports in INFO that writes are paused. */
    private final boolean reportsPauses;

    private final int usefulTransactionCount;

    /**
     * Creates a selector for one server.
     *
     * @param link a link to the server
     * @param errors explains the server's error replies
     * @param flavour the server's product family
     * @param version the product's version, for example {@code 7.0.15}
     */
    public MethodSelector(NodeLink link, ServerErrors errors, Flavour flavour, String version) {
        this.link = link;
        this.errors = errors;
        this.namesNeeded = !reclaimsThroughTypeFilter(flavour, ServerVersion.parse(version));
        // Valkey reports paused writes (INFO paused_actions). So its transactions need no EVAL that makes the server
        // delay them while writes are paused; it would cost a few µs per transaction.
        this.reportsPauses = flavour == Flavour.VALKEY;
        this.usefulTransactionCount = flavour == Flavour.VALKEY ? USEFUL_COUNT_VALKEY : USEFUL_COUNT;
        this.transactionsCheaper = costsLessInTransactions(flavour, ServerVersion.parse(version));
    }

    /**
     * Selects the best method that is allowed, with {@link KeyNames#LEAVE_IF_NEEDED}: key names leave the server only
     * if scripts are refused.
     */
    public MethodChoice choose(boolean nestedExpiry) {
        return choose(nestedExpiry, KeyNames.LEAVE_IF_NEEDED);
    }

    /**
     * Selects the best method that is allowed. Sends some commands to the server and touches no key.
     *
     * @param nestedExpiry whether the server removes expired keys that commands inside scripts and transactions meet
     *     (its setting {@code lazyexpire-nested-arbitrary-keys}). If not, only a pipeline can reclaim
     * @param names whether the names of keys may leave the server
     * @throws NodeRefusedException in one of these cases: the server and {@code names} allow no method; the server is
     *     busy with a script of another client; key names must not leave the server, and the script gets an error that
     *     is not about permissions
     */
    public MethodChoice choose(boolean nestedExpiry, KeyNames names) {
        List<String> refusals = new ArrayList<>();
        ScanCall scan = new ScanCall(namesNeeded);
        if (nestedExpiry) {
            for (ReclaimMethod method : candidates(scan, names)) {
                Optional<Reply.Failure> refusal = probe(method);
                if (refusal.isEmpty()) {
                    return new MethodChoice(preferWaitingForWrites(method), reason(method, refusals));
                }
                throwIfNoMethodHelps(method, refusal.get(), names);
                refusals.add(method.label() + " refused: " + refusal.get().message());
            }
        } else {
            refusals.add("lazyexpire-nested-arbitrary-keys is no on the server, so scripts and transactions reclaim"
                    + " nothing");
        }
        if (names == KeyNames.STAY) {
            throw errors.namesWouldLeave(String.join("; ", refusals));
        }
        ReclaimMethod pipelineStep = tryPipeline(scan);
        return new MethodChoice(pipelineStep, reason(pipelineStep, refusals));
    }

    /** Throws the exception that explains why a method was refused, if no other method can help. */
    private void throwIfNoMethodHelps(ReclaimMethod refusedMethod, Reply.Failure refusal, KeyNames names) {
        if (refusal.code().equals("BUSY")) {
            // BUSY says nothing about permissions; a later attempt may get another reply.
            throw errors.of(refusedMethod.label(), refusal, neededCommands());
        }
        if (names == KeyNames.STAY && !ServerErrors.isForbidden(refusal)) {
            // Only scripts keep names on the server, and a missing permission is not the cause. Example: the server
            // loads its data.
            throw errors.of("EVAL", refusal, neededCommands());
        }
    }

    /** Returns the pipeline after a try has shown that the server allows its commands; throws the refusal otherwise. */
    private ReclaimMethod tryPipeline(ScanCall scan) {
        ReclaimMethod pipeline = new PipelineStep(scan);
        // The replies of a pipeline correspond to its commands, so the message can name the refused command.
        List<Reply> replies = probe(pipeline.probe());
        if (pipeline.refusal(replies).isEmpty()) {
            return pipeline;
        }
        // This loop finds the command to which the refusal belongs.
        for (int i = 0; i < replies.size(); i++) {
            if (replies.get(i) instanceof Reply.Failure failure
                    && pipeline.refusal(List.of(failure)).isPresent()) {
                throw errors.of(pipeline.probe().get(i).name(), failure, neededCommands());
            }
        }
        // This line is not reached, because the refusal is one of the replies.
        return pipeline;
    }

    /**
     * Selects plain commands (a pipeline), for a proxy that sends scripts and transactions to only one of its servers.
     * Plain commands reach all servers, but their count is an estimate.
     *
     * @param why the evidence that several servers answer, as part of a sentence
     * @param names whether the names of keys may leave the server
     * @throws NodeRefusedException if key names must not leave the server, or a command is refused
     */
    public MethodChoice chooseForProxy(String why, KeyNames names) {
        String splitReason = "the address seems to lead to several servers: " + why;
        if (names == KeyNames.STAY) {
            throw errors.namesWouldLeave(splitReason);
        }
        ReclaimMethod method = tryPipeline(new ScanCall(/* sendsNames= */ true));
        return new MethodChoice(
                method, "one sequential cursor, and the count is an estimate from DBSIZE, because " + splitReason);
    }

    /** Returns the methods with an exact count (script and transaction) to try, the preferred one first. */
    private List<ReclaimMethod> candidates(ScanCall scan, KeyNames names) {
        ReclaimMethod script = new ScriptStep();
        ReclaimMethod transaction = transaction(scan);
        ReclaimMethod transactionWithNames = transaction(new ScanCall(/* sendsNames= */ true));
        return switch (names) {
            case STAY -> List.of(script);
            case LEAVE_IF_NEEDED -> List.of(script, transaction);
            case LEAVE_IF_CHEAPER ->
                transactionsCheaper ? List.of(transactionWithNames, script) : List.of(script, transaction);
        };
    }

    /**
     * Returns a transaction that the server delays while writes are paused, if the given method is a transaction and
     * needs that; otherwise returns the method itself. A plain transaction of SCAN runs during the pause but reclaims
     * nothing. The delay is needed if the server does not report such pauses, and possible if it allows EVAL.
     */
    private ReclaimMethod preferWaitingForWrites(ReclaimMethod method) {
        if (method instanceof TransactionStep transaction && !reportsPauses) {
            ReclaimMethod waitingTransaction =
                    new TransactionStep(transaction.scan(), usefulTransactionCount, /* waitsForWrites= */ true);
            return probe(waitingTransaction).isEmpty() ? waitingTransaction : method;
        }
        return method;
    }

    /**
     * Returns a transaction that runs immediately even if writes are paused. It then reclaims nothing, see {@link
     * #preferWaitingForWrites}.
     */
    private ReclaimMethod transaction(ScanCall scan) {
        return new TransactionStep(scan, usefulTransactionCount, /* waitsForWrites= */ false);
    }

    /**
     * Returns every command that a sweep with scripts needs, in lower case as in ACL rules, for example {@code scan}.
     */
    public static List<String> neededCommands() {
        List<String> commands = new ArrayList<>(COMMON_COMMANDS);
        commands.addAll(new ScriptStep().permissions());
        return commands;
    }

    /** Tries a method, and returns the error that forbids it; empty if it is allowed. */
    private Optional<Reply.Failure> probe(ReclaimMethod method) {
        return method.refusal(probe(method.probe()));
    }

    private List<Reply> probe(List<Command> commands) {
        return link.call(commands).replies();
    }

    /**
     * Returns why a method was selected, for the user.
     *
     * @param refusals why better methods cannot be used, each as part of a sentence
     */
    private static String reason(ReclaimMethod method, List<String> refusals) {
        if (refusals.isEmpty()) {
            return method instanceof ScriptStep
                    ? "exact and atomic, and no key name leaves the server"
                    : "exact and atomic, and cheaper for this server than a script; key names leave the server";
        }
        String advantage = method instanceof PipelineStep ? "the only method left" : "exact and atomic";
        return advantage + "; " + String.join("; ", refusals);
    }

    /**
     * Returns whether a transaction costs the server less than a script, as measured. From Valkey 8.1 on, a SCAN is so
     * cheap that the overhead of a script doubles its cost. On Redis 8.0, a transaction without names costs 20 % more
     * than one with names, and a script costs another 10 % more.
     */
    private static boolean costsLessInTransactions(Flavour flavour, ServerVersion version) {
        return switch (flavour) {
            case VALKEY -> version.isAtLeast(8, 1);
            case REDIS -> version.isAtLeast(8, 0) && !version.isAtLeast(8, 1);
            case REDICT, UNKNOWN -> false;
        };
    }

    /**
     * Returns whether a SCAN with a TYPE filter reclaims expired keys of all types. If so, the filter can keep the
     * names of live keys on the server. Measurements show that these versions remove an expired key before they
     * compare its type. Other versions compare the type first, so they reclaim only keys of that type. Versions that
     * have not been measured are treated in the same way.
     */
    private static boolean reclaimsThroughTypeFilter(Flavour flavour, ServerVersion version) {
        return switch (flavour) {
            case REDIS -> version.isAtLeast(6, 0) && !version.isAtLeast(8, 1);
            case REDICT -> true;
            case VALKEY, UNKNOWN -> false;
        };
    }
}
