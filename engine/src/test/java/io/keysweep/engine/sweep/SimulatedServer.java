package io.keysweep.engine.sweep;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Exchange;
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
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** Simulates a server with one database, in simulated time, that answers a sweep with scripts and fails on demand. */
final class SimulatedServer implements NodeConnector {

    /** Positions of arguments in the EVAL of a step, see {@code ScriptStep}. */
    private static final int CURSOR_WORD = 3;

    private static final int COUNT_WORD = 4;
    private static final int NOT_AFTER_WORD = 9;
    private static final int TURN_BEGINS_WORD = 10;
    private static final int TURN_ENDS_WORD = 11;

    private static final Duration NEVER = Duration.ofDays(999);
    private static final Duration ROUND_TRIP = Duration.ofNanos(100_000);
    static final int BYTES_PER_KEY = 100;

    final ManualClock clock = new ManualClock();
    final SimulatedTable table;
    /** The hashes of the keys in the table that have expired. */
    final Set<Long> dead = new HashSet<>();

    String runId = "run-1";
    String role = "master";
    String pausedActions = "none";
    /** The settings that CONFIG GET reports, by name. */
    final Map<String, String> settings = new HashMap<>();

    boolean reachable = true;
    /** The counter of expired keys in INFO. */
    long expiredKeys;
    /** The time that a step takes for each key that it visits. */
    Duration costPerKey = Duration.ofNanos(2_000);
    /** The time that a call without cost waits because of other clients. */
    Duration latency = Duration.ZERO;
    /**
     * How long a command is on its way to the server, and a reply on its way back. If it is above zero, the server runs
     * commands while the sweep does something else, and answers a step with the time of its start.
     */
    Duration oneWay = Duration.ZERO;

    /** Supplies how much longer a command is on its way to a distant server. */
    Supplier<Duration> jitter = () -> Duration.ZERO;

    /** How far the server's clock was set forward, or back if negative, µs. */
    long clockOffsetMicros;

    /** When the steps of a distant server began and ended, ns by {@link #clock}, in the order of their runs. */
    final List<StepRun> stepRuns = new ArrayList<>();

    /** The number of steps that a distant server refused because they missed their turn. */
    int missedTurns;

    /** Supplies additional lines of INFO. */
    Supplier<String> load = () -> "";
    /** The number of the step that the server runs but whose reply is lost; 0 for none. */
    int loseReplyOfStep;
    /** Makes the next call break its connection; reset then. */
    boolean breakNextLink;
    /** Called before each step with its number, starting at 1. */
    IntConsumer beforeStep = step -> {};

    /** Called at each INFO: how many values wait to be freed. */
    IntSupplier lazyFreePending = () -> 0;

    /** The number of live keys that have a TTL. INFO counts the dead keys in addition. */
    int liveWithTtl = 1;

    /** Supplies the name and value of a field that INFO has in addition. */
    Supplier<String> flavour = () -> "gcc_version:12.2.0";

    /** Keys that DBSIZE and INFO count, but SCAN never returns. */
    int hiddenKeys;

    /** The number of MEMORY PURGE calls. */
    int purges;
    /** The number of steps that were sent. */
    int steps;
    /** The number of links over which steps or probes were sent. */
    int links;
    /** The largest number of writes that were in flight at a time. */
    int maxInFlight;

    /** When a distant server has run all commands so far, ns by {@link #clock}. */
    private long freeAt;

    /** When the last command reached a distant server, ns by {@link #clock}; a connection keeps their order. */
    private long lastArrivalAt;

    /** The time by the server's clock while it runs a command, ns by {@link #clock}. */
    private long serverNanos;

    private final Random newKeys = new Random(4);
    private int inFlight;
    /** The time that the sweep has slept so far. */
    private Duration slept = Duration.ZERO;
    /** When {@link #onAlarm} runs, as time that the sweep has slept. */
    private Duration alarm = NEVER;

    private Runnable onAlarm = () -> {};

    /**
     * Describes when a step ran.
     *
     * @param began ns by {@link #clock}
     * @param ended ns by {@link #clock}
     */
    record StepRun(long began, long ended) {}

    SimulatedServer(int live, int expired) {
        this(live, expired, 10);
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

    /** Has another client add keys. */
    void write(int keys) {
        for (int i = 0; i < keys; i++) {
            table.add(newKeys.nextLong());
        }
    }

    /** Has the server's expiry cycle or another client remove dead keys. */
    void expireElsewhere(int keys) {
        reclaim(new HashSet<>(dead.stream().limit(keys).toList()));
    }

    @Override
    public NodeLink open(NodeAddress address, Access access) {
        if (!reachable) {
            throw new NodeRefusedException("simulated:1", Reason.UNREACHABLE, "simulated:1 accepts no connection");
        }
        return new Link();
    }

    @Override
    public void close() {}

    /** Runs an action once the sweep has slept for a further {@code after}. */
    void runAfter(Duration after, Runnable action) {
        alarm = slept.plus(after);
        onAlarm = action;
    }

    void sleep(Duration duration) {
        clock.advance(duration);
        slept = slept.plus(duration);
        if (slept.compareTo(alarm) >= 0) {
            alarm = NEVER;
            onAlarm.run();
        }
    }

    private void reclaim(Set<Long> keys) {
        keys.forEach(table::remove);
        expiredKeys += keys.size();
        dead.removeAll(keys);
    }

    private final class Link implements NodeLink {

        private boolean closed;
        private boolean counted;

        @Override
        public Sent send(List<Command> commands) {
            if (closed || !reachable) {
                throw new LinkBrokenException("connection broke", null);
            }
            inFlight++;
            maxInFlight = Math.max(maxInFlight, inFlight);
            if (oneWay.isPositive()) {
                return sendFar(commands);
            }
            return () -> {
                inFlight--;
                serverNanos = clock.nanoTime();
                return answer(commands);
            };
        }

        /** Has a distant server run the commands when they arrive, and advances the clock when the reply is awaited. */
        private Sent sendFar(List<Command> commands) {
            long sentAt = clock.nanoTime();
            lastArrivalAt =
                    Math.max(lastArrivalAt, sentAt + oneWay.plus(jitter.get()).toNanos());
            serverNanos = Math.max(freeAt, lastArrivalAt);
            List<Reply> replies = new ArrayList<>();
            Duration cost = run(commands, replies);
            freeAt = serverNanos + cost.toNanos();
            long repliedAt = freeAt + oneWay.toNanos();
            return () -> {
                inFlight--;
                clock.advance(Duration.ofNanos(Math.max(0, repliedAt - clock.nanoTime())));
                return new Exchange(replies, Duration.ofNanos(clock.nanoTime() - sentAt));
            };
        }

        private Exchange answer(List<Command> commands) {
            closed |= breakNextLink;
            breakNextLink = false;
            if (closed || !reachable) {
                throw new LinkBrokenException("connection broke", null);
            }
            List<Reply> replies = new ArrayList<>();
            Duration roundTrip = ROUND_TRIP.plus(run(commands, replies));
            clock.advance(roundTrip);
            return new Exchange(replies, roundTrip);
        }

        /** Runs commands, and returns how long they take. */
        private Duration run(List<Command> commands, List<Reply> replies) {
            Duration cost = Duration.ZERO;
            for (Command command : commands) {
                countLinkOfSession(command);
                if (isStep(command)) {
                    cost = cost.plus(step(command, replies));
                } else {
                    cost = command.name().equals("DBSIZE") ? cost.plus(latency) : cost;
                    replies.add(answer(command));
                }
            }
            return cost;
        }

        /** Counts only links that are used for steps, and not those that only check where a connection leads. */
        private void countLinkOfSession(Command command) {
            if (command.name().equals("EVAL") && !counted) {
                counted = true;
                links++;
            }
        }

        private boolean isStep(Command command) {
            return command.name().equals("EVAL")
                    && command.words().size() > 3
                    && !command.words().contains("probe");
        }

        private Reply answer(Command command) {
            return switch (command.name()) {
                case "INFO" -> new Reply.Text(info());
                case "DBSIZE" -> new Reply.Numeric(table.size() + hiddenKeys);
                case "TIME" -> time();
                case "MEMORY" -> new Reply.Text("OK " + ++purges);
                case "CONFIG" -> config(command);
                case "EVAL" ->
                    command.words().size() > 3
                            ? new Reply.Failure("ERR invalid cursor")
                            : new Reply.Numeric(table.size() + hiddenKeys);
                case "SCAN" ->
                    new Reply.Items(List.of(
                            new Reply.Text(Long.toUnsignedString(table.scan(
                                    Long.parseUnsignedLong(command.words().get(1)), 1, key -> {}))),
                            new Reply.Items(List.of())));
                default -> throw new AssertionError(command);
            };
        }

        private Reply config(Command command) {
            List<Reply> pairs = new ArrayList<>();
            for (String name : command.words().subList(2, command.words().size())) {
                if (settings.containsKey(name)) {
                    pairs.add(new Reply.Text(name));
                    pairs.add(new Reply.Text(settings.get(name)));
                }
            }
            return new Reply.Items(pairs);
        }

        private Reply time() {
            long micros = micros();
            return new Reply.Items(List.of(
                    new Reply.Text(Long.toString(micros / 1_000_000)),
                    new Reply.Text(Long.toString(micros % 1_000_000))));
        }

        private long micros() {
            return ChronoUnit.MICROS.between(Instant.EPOCH, new ManualClock().instant())
                    + serverNanos / 1_000
                    + clockOffsetMicros;
        }

        private Duration step(Command command, List<Reply> replies) {
            beforeStep.accept(++steps);
            if (!oneWay.isPositive()) {
                // The action may have advanced the clock.
                serverNanos = clock.nanoTime();
            }
            if (!reachable) {
                throw new LinkBrokenException("connection broke", null);
            }
            long notAfter = Long.parseLong(command.words().get(NOT_AFTER_WORD));
            if (notAfter != 0 && micros() > notAfter) {
                replies.add(refusal("late"));
                return Duration.ZERO;
            }
            long turnEnds = Long.parseLong(command.words().get(TURN_ENDS_WORD));
            if (turnEnds != 0
                    && (micros() > turnEnds
                            || micros() < Long.parseLong(command.words().get(TURN_BEGINS_WORD)))) {
                missedTurns++;
                replies.add(refusal("missed"));
                return Duration.ZERO;
            }
            long cursor = Long.parseUnsignedLong(command.words().get(CURSOR_WORD));
            int count = Integer.parseInt(command.words().get(COUNT_WORD));
            List<Long> visited = new ArrayList<>();
            long next = table.scan(cursor, count, visited::add);
            Set<Long> visitedDead = new HashSet<>(visited);
            visitedDead.retainAll(dead);
            boolean reclaims = role.equals("master")
                    && pausedActions.equals("none")
                    && !"no".equals(settings.get(ServerSettings.NESTED_EXPIRY));
            if (reclaims) {
                reclaim(visitedDead);
            }
            replies.add(new Reply.Items(List.of(
                    new Reply.Text(Long.toUnsignedString(next)),
                    new Reply.Numeric(visited.size() - visitedDead.size()),
                    new Reply.Numeric(reclaims ? visitedDead.size() : 0),
                    new Reply.Numeric(costPerKey.multipliedBy(visited.size()).toNanos() / 1_000),
                    new Reply.Numeric(oneWay.isPositive() ? micros() : 0))));
            stepRuns.add(new StepRun(
                    serverNanos,
                    serverNanos + costPerKey.multipliedBy(visited.size()).toNanos()));
            if (steps == loseReplyOfStep) {
                throw new LinkBrokenException("connection broke", null);
            }
            return costPerKey.multipliedBy(visited.size());
        }

        private Reply refusal(String reason) {
            return new Reply.Items(List.of(
                    new Reply.Text(reason),
                    new Reply.Numeric(0),
                    new Reply.Numeric(0),
                    new Reply.Numeric(0),
                    new Reply.Numeric(micros())));
        }

        private String info() {
            return String.join(
                    "\r\n",
                    "redis_version:7.4.0",
                    flavour.get(),
                    "run_id:" + runId,
                    "role:" + role,
                    "master_host:10.0.0.9",
                    "master_port:6379",
                    "paused_actions:" + pausedActions,
                    "paused_reason:client_pause",
                    "expired_keys:" + expiredKeys,
                    "evicted_keys:0",
                    load.get(),
                    "used_memory:" + BYTES_PER_KEY * table.size(),
                    "used_memory_rss:9000000",
                    "lazyfree_pending_objects:" + lazyFreePending.getAsInt(),
                    "mem_allocator:jemalloc-5.3.0",
                    keyspace());
        }

        private String keyspace() {
            int keys = table.size() + hiddenKeys;
            return keys == 0 ? "" : "db0:keys=" + keys + ",expires=" + (dead.size() + liveWithTtl) + ",avg_ttl=0";
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
