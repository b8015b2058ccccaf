package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.plan.SimulatedTable;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Simulates a server with one database, in simulated time, for sweeps by scripts. Tests can make it fail.
 *
 * <p>Tests set the fields, which are the state of the server and of its network. Without {@link #oneWay}, the server is
 * near: it runs commands at the moment when the sweep awaits the reply. With it, the server is distant: it runs
 * commands when they arrive, while the sweep does something else. {@link SimulatedLink} is a connection with
 * the server, {@link SimulatedStep} reads a step, and {@link SimulatedReplies} answers all other commands.
 */
final class SimulatedServer implements NodeConnector {

    private static final Duration NEVER = Duration.ofDays(999);

    /** The memory that INFO reports for each key, bytes. */
    static final int BYTES_PER_KEY = 100;

    // The state of the server.

    /** The simulated time. */
    final ManualClock clock = new ManualClock();

    /** The keys of the only database, the expired ones included. */
    final SimulatedTable table;

    /** The hashes of the keys in the table that have expired. */
    final Set<Long> dead = new HashSet<>();

    /** The number of live keys that have a TTL. INFO counts the dead keys in addition. */
    int liveWithTtl = 1;

    /** Keys that DBSIZE and INFO count, but SCAN never returns. */
    int hiddenKeys;

    /** The counter of expired keys in INFO. */
    long expiredKeys;

    /** The id of the server's process, which changes with a restart. */
    String runId = "run-1";

    /** The role that INFO reports, master or slave. */
    String role = "master";

    /** The commands that CLIENT PAUSE stops, as INFO reports them: none, write or all. */
    String pausedActions = "none";

    /** The settings that CONFIG GET reports, by name. */
    final Map<String, String> settings = new HashMap<>();

    /** Supplies the name and value of the INFO field that shows which product the server is. */
    Supplier<String> flavour = () -> "gcc_version:12.2.0";

    /** Supplies additional lines of INFO, from any section. */
    Supplier<String> load = () -> "";

    /** Supplies the number of values that wait to be freed; called at each INFO. */
    IntSupplier lazyFreePending = () -> 0;

    /** The time that a step takes for each key that it visits. */
    Duration costPerKey = Duration.ofNanos(2_000);

    /** The time that a DBSIZE waits for other clients. */
    Duration latency = Duration.ZERO;

    /** The time by which the server's clock was set forward, or back if negative, µs. */
    long clockOffsetMicros;

    // The network.

    /**
     * The time that a command is on its way to the server, and a reply on its way back. If this is above zero, the
     * server is distant, and answers a step with the time of its start.
     */
    Duration oneWay = Duration.ZERO;

    /** Supplies the time that a command is on its way to a distant server in addition to {@link #oneWay}. */
    Supplier<Duration> jitter = () -> Duration.ZERO;

    /** The time at which a distant server has run all commands so far, ns by {@link #clock}. */
    long freeAt;

    /** The time at which the last command reached a distant server, ns by {@link #clock}; later ones arrive later. */
    long lastArrivalAt;

    /** The time by the server's clock while it runs a command, ns by {@link #clock}. */
    long serverNanos;

    // Faults, and actions of tests.

    /** True if the server accepts and keeps connections. */
    boolean reachable = true;

    /** The number of the step that the server runs but whose reply is lost, counted from 1; 0 for none. */
    int loseReplyOfStep;

    /** True if the next call breaks its connection, which sets the field to false. */
    boolean breakNextLink;

    /** Runs before each step, and receives the number of the step, counted from 1. */
    IntConsumer beforeStep = step -> {};

    /** The time that the sweep has slept so far. */
    private Duration slept = Duration.ZERO;

    /** The time that the sweep must have slept so that {@link #onAlarm} runs. */
    private Duration alarm = NEVER;

    /** The action of {@link #runAfter}. */
    private Runnable onAlarm = () -> {};

    // Records of what has happened.

    /** The times at which the steps so far ran, in the order of the runs. */
    final List<StepRun> stepRuns = new ArrayList<>();

    /** The number of steps that a distant server refused because they missed their turn. */
    int missedTurns;

    /** The number of steps that the server was to run, failed and refused ones included. */
    int steps;

    /** The number of links over which steps or probes were sent. */
    int links;

    /** The number of calls that are in flight: sent, and their replies not yet received. */
    int inFlight;

    /** The largest number of calls that were in flight at a time. */
    int maxInFlight;

    /** The number of MEMORY PURGE calls. */
    int purges;

    // Helpers.

    /** Answers the commands that are no steps. */
    final SimulatedReplies otherReplies = new SimulatedReplies(this);

    private final Random newKeys = new Random(4);

    /**
     * Contains the times of a step, each in ns by {@link #clock}.
     *
     * @param arrived the time at which the step reached a distant server; not used for a near server
     * @param began the time at which the server began to run the step
     * @param ended the time at which the server had run the step
     */
    record StepRun(long arrived, long began, long ended) {}

    /** Creates a server whose table has 1,024 buckets. */
    SimulatedServer(int live, int expired) {
        this(live, expired, /* bits= */ 10);
    }

    /** Creates a server whose table has 2^bits buckets. */
    SimulatedServer(int live, int expired, int bits) {
        table = new SimulatedTable(bits);
        Random random = new Random(3);
        for (int i = 0; i < live + expired; i++) {
            long hash = random.nextLong();
            table.add(hash);
            if (i < expired) {
                dead.add(hash);
            }
        }
    }

    /** Adds keys as another client does. */
    void write(int keys) {
        for (int i = 0; i < keys; i++) {
            table.add(newKeys.nextLong());
        }
    }

    /** Removes dead keys as the server's expiry cycle or another client does. */
    void expireElsewhere(int keys) {
        reclaim(new HashSet<>(dead.stream().limit(keys).toList()));
    }

    @Override
    public NodeLink open(NodeAddress address, Access access) {
        if (!reachable) {
            throw new NodeRefusedException("simulated:1", Reason.UNREACHABLE, "simulated:1 accepts no connection");
        }
        return new SimulatedLink(this);
    }

    @Override
    public NodeLink openForMessages(NodeAddress address, Access access, Consumer<String> messages) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}

    /** Runs an action once the sweep has slept for a further {@code after}. */
    void runAfter(Duration after, Runnable action) {
        alarm = slept.plus(after);
        onAlarm = action;
    }

    /** Lets time pass while the sweep sleeps, and runs the action of {@link #runAfter} if its time has come. */
    void sleep(Duration duration) {
        clock.advance(duration);
        slept = slept.plus(duration);
        if (slept.compareTo(alarm) >= 0) {
            alarm = NEVER;
            onAlarm.run();
        }
    }

    /** Returns the time by the server's clock, µs since 1970. */
    long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, new ManualClock().instant())
                + serverNanos / 1_000
                + clockOffsetMicros;
    }

    /** Removes dead keys as the server's lazy expiry does, and counts them. */
    private void reclaim(Set<Long> keys) {
        keys.forEach(table::remove);
        expiredKeys += keys.size();
        dead.removeAll(keys);
    }

    /** Runs a step, adds its reply, and returns the time that the step takes. */
    Duration run(SimulatedStep step, List<Reply> replies) {
        beforeStep.accept(++steps);
        if (!oneWay.isPositive()) {
            // The action may have advanced the clock.
            serverNanos = clock.nanoTime();
        }
        if (!reachable) {
            throw new LinkBrokenException("connection broke");
        }
        if (step.isLateAt(micros())) {
            replies.add(refusal("late"));
            return Duration.ZERO;
        }
        if (step.missesTurnAt(micros())) {
            missedTurns++;
            replies.add(refusal("missed"));
            return Duration.ZERO;
        }
        Duration cost = visit(step, replies);
        if (steps == loseReplyOfStep) {
            throw new LinkBrokenException("connection broke");
        }
        return cost;
    }

    /** Visits the keys of a step, reclaims the dead ones if the server may, and returns the time that this takes. */
    private Duration visit(SimulatedStep step, List<Reply> replies) {
        List<Long> visitedKeys = new ArrayList<>();
        long nextCursor = table.scan(step.cursor(), step.count(), visitedKeys::add);
        Set<Long> visitedDead = new HashSet<>(visitedKeys);
        visitedDead.retainAll(dead);
        boolean reclaims = role.equals("master")
                && pausedActions.equals("none")
                && !"no".equals(settings.get(ServerSettings.NESTED_EXPIRY));
        if (reclaims) {
            reclaim(visitedDead);
        }
        Duration cost = costPerKey.multipliedBy(visitedKeys.size());
        List<Reply> values = new ArrayList<>(List.of(
                new Reply.Text(Long.toUnsignedString(nextCursor)),
                new Reply.Numeric(visitedKeys.size() - visitedDead.size()),
                new Reply.Numeric(reclaims ? visitedDead.size() : 0),
                new Reply.Numeric(cost.toNanos() / 1_000)));
        if (step.reportsStart()) {
            values.add(new Reply.Numeric(micros()));
        }
        replies.add(new Reply.Items(values));
        stepRuns.add(new StepRun(lastArrivalAt, serverNanos, serverNanos + cost.toNanos()));
        return cost;
    }

    /** Returns the reply to a step that the server refuses to run for a reason. */
    private Reply refusal(String reason) {
        return new Reply.Items(List.of(
                new Reply.Text(reason),
                new Reply.Numeric(0),
                new Reply.Numeric(0),
                new Reply.Numeric(0),
                new Reply.Numeric(micros())));
    }
}
