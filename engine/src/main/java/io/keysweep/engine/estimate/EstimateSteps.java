package io.keysweep.engine.estimate;

import io.keysweep.engine.link.Exchange;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.plan.Segmentation;
import io.keysweep.engine.reclaim.KeyNames;
import io.keysweep.engine.reclaim.MethodSelector;
import io.keysweep.engine.reclaim.ReclaimMethod;
import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import io.keysweep.engine.reclaim.StepOutcome;
import io.keysweep.engine.reclaim.StepRequest;
import io.keysweep.engine.sweep.ServerIdentity;
import io.keysweep.engine.sweep.ServerSettings;
import io.keysweep.engine.sweep.ServerStatus;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Makes the steps of an estimate; each step scans some keys of the server and counts them.
 *
 * <p>A picture divides the live keys by remaining TTL, type and size. Without a picture, a {@link ReclaimMethod}
 * makes the steps. For a picture, a {@link KeyReader} makes them and also reads the keys. Both are chosen at the first
 * step, since the choice sends commands. The methods throw the exceptions that {@link EstimateSource} describes. Not
 * thread-safe.
 */
final class EstimateSteps {

    /** The time for which a script may keep the server's main thread busy before it ends a step early. */
    private static final Duration STEP_LIMIT = PacePolicy.GENTLE.stallBudget();

    private final String nodeId;
    private final NodeLink link;
    private final ServerErrors errors;
    private final ServerInfo info;
    private final LoadPause pause;

    /** Whether the names of keys may leave the server. */
    private KeyNames names = KeyNames.LEAVE_IF_NEEDED;

    /** The method that makes the steps; null until it is chosen. */
    private @Nullable ReclaimMethod method;

    /** Whether the server may hide dead keys unnoticed, see {@link #mayHideKeys}. */
    private boolean mayHideKeys;

    /** The properties to read of live keys; null to read nothing. */
    private @Nullable ReadingPlan plan;

    /** Counts names of dead keys that are removed; null if no prefixes were requested. */
    private @Nullable ExpiredNames expiredNames;

    /** Makes the steps instead of the method, and reads keys; null before the first step, and if there is no plan. */
    private @Nullable KeyReader reader;

    /**
     * Creates the steps over a connection.
     *
     * @param info the reply to INFO that was read when the connection was opened
     * @param pause waits after each call
     */
    EstimateSteps(String nodeId, NodeLink link, ServerErrors errors, ServerInfo info, LoadPause pause) {
        this.nodeId = nodeId;
        this.link = link;
        this.errors = errors;
        this.info = info;
        this.pause = pause;
    }

    /** Keeps key names on the server. A server that refuses scripts is then refused. Call it before the first step. */
    void keepNames() {
        names = KeyNames.STAY;
    }

    /**
     * Makes the following steps read the keys that they return. Call it before the first step.
     *
     * @param names counts the names of dead keys that are removed meanwhile; null if no prefixes were requested
     */
    void readKeys(ReadingPlan newPlan, @Nullable ExpiredNames names) {
        plan = newPlan;
        expiredNames = names;
    }

    /**
     * Makes one step, and then waits to limit the load on the server.
     *
     * @param cursor the cursor at which to begin, unsigned
     * @param count about how many keys to visit
     */
    StepOutcome make(long cursor, int count) throws InterruptedException {
        ReclaimMethod chosenMethod = method();
        KeyReader readerInUse = usableReader(chosenMethod);
        if (readerInUse != null) {
            if (expiredNames != null) {
                expiredNames.beginStep();
            }
            return readerInUse.scan(cursor, count);
        }
        Exchange exchange = link.call(
                chosenMethod.commands(new StepRequest(cursor, new Segmentation.Sequential(), count, STEP_LIMIT)));
        StepOutcome outcome = chosenMethod.outcome(exchange.replies(), count);
        pause.pauseAfter(exchange.roundTrip());
        return outcome;
    }

    /**
     * Returns the reader of keys, even if the server has refused to report TTLs. Returns null before the first step,
     * and if no keys are to be read.
     */
    @Nullable KeyReader reader() {
        return reader;
    }

    /** Returns the sums over the keys that were read since the last call of this method. */
    KeyTally takeTally() {
        KeyReader currentReader = reader;
        if (currentReader == null) {
            return KeyTally.EMPTY;
        }
        KeyTally tally = currentReader.take();
        if (expiredNames != null) {
            expiredNames.addTo(tally);
        }
        return tally;
    }

    /** Ends the step for the names of dead keys as soon as the reply has arrived, and then waits. */
    private void pauseAfterStep(Duration busy) throws InterruptedException {
        if (expiredNames != null) {
            expiredNames.endStep();
        }
        pause.pauseAfter(busy);
    }

    /**
     * Returns the reader that makes the next step, and chooses it at the first call. Returns null if no keys are to be
     * read, or the server has refused to report TTLs.
     */
    private @Nullable KeyReader usableReader(ReclaimMethod chosenMethod) {
        ReadingPlan currentPlan = plan;
        if (currentPlan == null) {
            return null;
        }
        KeyReader currentReader = reader;
        if (currentReader == null) {
            if (isReplica() && info.is("cluster_enabled", "1")) {
                // Without READONLY, a replica in a cluster answers reads of keys with a redirection to its primary.
                link.call("READONLY");
            }
            // allowedMethod() chooses a method for the flavour UNKNOWN. For it, every method except the script sends
            // names.
            currentReader = chosenMethod.sendsNames()
                    ? new NamedKeyReader(link, currentPlan, chosenMethod, STEP_LIMIT, this::pauseAfterStep)
                    : new ScriptKeyReader(link, currentPlan, STEP_LIMIT, this::pauseAfterStep);
            reader = currentReader;
        }
        return currentReader.refusal() == null ? currentReader : null;
    }

    /**
     * Chooses the method that makes the steps, unless it has been chosen.
     *
     * @throws NodeRefusedException if the server allows no method
     */
    void chooseMethod() {
        method();
    }

    /** Returns the method that makes the steps, and chooses it at the first call. */
    ReclaimMethod method() {
        ReclaimMethod chosenMethod = method;
        if (chosenMethod == null) {
            chosenMethod = allowedMethod();
            method = chosenMethod;
        }
        return chosenMethod;
    }

    /**
     * Returns whether the server is a primary that may hide dead keys instead of removing them, and nothing would show
     * that, see {@link ServerSettings#mayHideKeys}. Returns false before the method is chosen.
     */
    boolean mayHideKeys() {
        return mayHideKeys;
    }

    /**
     * Tries which method the server allows.
     *
     * @throws NodeRefusedException if no method is allowed, or if a primary hides dead keys at present: SCAN would
     *     neither return nor remove them, so they would not be counted
     */
    private ReclaimMethod allowedMethod() {
        boolean nestedExpiry = true;
        if (!isReplica()) {
            new ServerStatus(info).obstacle().ifPresent(obstacle -> {
                throw refusal("currently hides dead keys: " + obstacle + "; try again later");
            });
            ServerSettings settings = ServerSettings.read(link);
            if (settings.importMode()) {
                throw refusal("is in import mode and expires nothing");
            }
            nestedExpiry = settings.nestedExpiry();
            mayHideKeys = settings.mayHideKeys(ServerIdentity.of(info));
        }
        // For some products, a method keeps key names out of the replies by a TYPE filter that few keys match. An
        // estimate counts the live keys in the replies, so it must not use the filter. The flavour UNKNOWN results in
        // no filter.
        return new MethodSelector(
                        link, errors, Flavour.UNKNOWN, ServerIdentity.of(info).version())
                .choose(nestedExpiry, names)
                .method();
    }

    private boolean isReplica() {
        return ServerStatus.isReplica(info);
    }

    /**
     * Returns the exception for a server that reclaims nothing; {@code predicate} is the message without the server.
     */
    private NodeRefusedException refusal(String predicate) {
        return new NodeRefusedException(nodeId, Reason.NOT_RECLAIMING, nodeId + " " + predicate);
    }
}
