package io.keysweep.engine.assist;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Exchange;
import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Simulates a server and its expiry cycle, for tests of a Keysweep process that raises settings of the server.
 *
 * <p>The <i>expiry cycle</i> is the regular work in which Redis removes expired keys by itself. Time is simulated in
 * slices of 1 ms. While the part of dead keys exceeds what the setting {@code active-expire-effort} tolerates (10 % at
 * effort 1, 1 % at effort 10), the cycle uses all of the time that it may take. Otherwise it only takes samples. A test
 * may end the Keysweep process or break its connections before or after any command.
 */
final class SimulatedExpiryServer implements NodeConnector {

    /** Stands for {@code kill -9} of the process, which can send nothing more. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Describes a slice of simulated time, 1 ms or shorter.
     *
     * @param at its beginning, s
     * @param seconds its length, s
     * @param raised whether the settings were raised
     * @param share the part of the main thread's time that the cycle took, 0 to 1
     */
    record Slice(double at, double seconds, boolean raised, double share) {}

    /** The time that the cycle takes to remove a key, s. */
    private static final double SECONDS_PER_KEY = 2e-6;

    /** The time that the cycle takes to sample a key that has not expired, s. */
    private static final double SECONDS_PER_SAMPLE = 1e-6;

    /** The length of a slice of simulated time, s. */
    private static final double SLICE_SECONDS = 0.001;

    /** The number of keys that a cycle samples at effort 1, as in Redis. */
    private static final int SAMPLES = 20;

    /** The number of keys that a cycle samples in addition for each higher effort, as in Redis. */
    private static final int SAMPLES_PER_EFFORT = 5;

    /** The weight of the latest cycle in the moving average of the share of dead keys, as in Redis. */
    private static final double STALE_WEIGHT = 0.05;

    /** The simulated time. */
    final ManualClock clock = new ManualClock();

    /** The current settings of the server. */
    final Map<String, String> settings = new LinkedHashMap<>(
            Map.of("hz", "10", "active-expire-effort", "1", "lazyfree-lazy-expire", "no", "other", "1"));

    /** The slices of simulated time so far, in their order. */
    final List<Slice> slices = new ArrayList<>();

    /** The keys with a TTL that have not expired; there are no keys without a TTL. */
    double live = 200_000;

    /** The keys that have expired and still hold memory. */
    double dead = 20_000;

    /** The number of keys that expire per second. */
    double inflow;

    /** The largest part of the main thread's time that the cycle may take at high effort, 0 to 1. */
    double busyShare = 0.5;

    /** The part of the main thread's time that other clients take, 0 to 1. */
    double others = 0.05;

    /** True if the server's own expiry is switched off, so that no cycle runs. */
    boolean isSwitchedOff;

    /** The keys per second that clients find expired, and that the counter of expired keys includes. */
    double expiredByClients;

    /** The time from a command to its reply. */
    Duration roundTrip = Duration.ofNanos(100_000);

    /** Supplies the time that commands are on their way to the server in addition to half of the round trip. */
    Supplier<Duration> jitter = () -> Duration.ZERO;

    /** The role that INFO reports, master or slave. */
    String role = "master";

    /** The time that a latency probe waits in addition to the round trip. */
    Duration latency = Duration.ZERO;

    /** True if the server refuses CONFIG SET. */
    boolean configDenied;

    /** The error with which the server answers CONFIG GET; null for none. */
    @Nullable String getError;

    /** The addresses at which the server cannot be reached. */
    final Set<NodeAddress> unreachable = new HashSet<>();

    /** Receives each command with its number, from 1, before the server runs it. */
    BiConsumer<Integer, Command> before = (number, command) -> {};

    /** Receives each command with its number after the server has run it. */
    BiConsumer<Integer, Command> after = (number, command) -> {};

    /** Runs whenever time has passed. */
    Runnable tick = () -> {};

    /** The number of commands that were sent. */
    int commands;

    /** The current generation of connections; a connection of an earlier generation is broken. */
    private int linkGeneration;

    private boolean killed;
    private double expiredKeys;
    private double cycleSeconds;
    private double cpuSeconds;
    private double staleShare;

    Timing timing() {
        return new Timing(clock, clock::nanoTime, this::advance);
    }

    /** Ends the simulated process: throws {@link Killed}, now and at each further command. */
    void kill() {
        killed = true;
        throw new Killed();
    }

    /** Stands for the start of a new Keysweep process after the killed one. */
    void startNextProcess() {
        killed = false;
        before = (number, command) -> {};
        after = (number, command) -> {};
    }

    /** Breaks all connections. */
    void breakLinks() {
        linkGeneration++;
    }

    /** Returns whether assist has raised the settings. It raises the effort last, so the effort shows it. */
    boolean raised() {
        return "10".equals(settings.get("active-expire-effort"));
    }

    /** Lets time pass, in which keys expire and the cycle works. */
    void advance(Duration duration) {
        double remaining = duration.toNanos() / 1e9;
        while (remaining > 1e-12) {
            double seconds = Math.min(SLICE_SECONDS, remaining);
            simulateSlice(seconds);
            remaining -= seconds;
        }
        clock.advance(duration);
        tick.run();
    }

    /** Simulates a slice of time, which is so short that the settings and the backlog hardly change within it. */
    private void simulateSlice(double seconds) {
        int effort = Integer.parseInt(settings.get("active-expire-effort"));
        int hz = Integer.parseInt(settings.get("hz"));
        dead += inflow * seconds;
        double deadShare = dead / (dead + live);
        double cycles = hz * seconds;
        if (!isSwitchedOff) {
            staleShare += (deadShare - staleShare) * Math.min(1, STALE_WEIGHT * cycles);
        }
        // The cycle accepts 10 % of dead keys at effort 1, and 1 % less for each higher effort.
        double acceptable = (11 - effort) / 100.0;
        double busy;
        double reclaimed;
        if (isSwitchedOff) {
            busy = 0;
            reclaimed = 0;
        } else if (deadShare > acceptable) {
            // Without a raised effort, the cycle takes a quarter of the time that it may take at high effort.
            busy = seconds * (effort > 1 ? busyShare : busyShare / 4);
            reclaimed = Math.min(dead, busy / SECONDS_PER_KEY);
        } else {
            double samples = cycles * (SAMPLES + SAMPLES_PER_EFFORT * (effort - 1));
            busy = samples * SECONDS_PER_SAMPLE;
            reclaimed = Math.min(dead, samples * deadShare);
        }
        dead -= reclaimed;
        expiredKeys += reclaimed + expiredByClients * seconds;
        cycleSeconds += busy;
        cpuSeconds += busy + others * seconds;
        slices.add(new Slice(clock.nanoTime() / 1e9, seconds, raised(), busy / seconds));
    }

    @Override
    public NodeLink open(NodeAddress address, Access access) {
        if (killed) {
            throw new Killed();
        }
        if (unreachable.contains(address)) {
            throw new NodeRefusedException(address.toString(), Reason.UNREACHABLE, "unreachable");
        }
        return new Link(linkGeneration);
    }

    @Override
    public NodeLink openForMessages(NodeAddress address, Access access, Consumer<String> messages) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}

    private final class Link implements NodeLink {

        private final int generation;

        private Link(int generation) {
            this.generation = generation;
        }

        @Override
        public Sent send(List<Command> sent) {
            return () -> {
                List<Reply> replies = new ArrayList<>();
                Duration time = Duration.ZERO;
                Duration wayToServer = roundTrip.dividedBy(2).plus(jitter.get());
                advance(wayToServer);
                for (Command command : sent) {
                    int number = ++commands;
                    before.accept(number, command);
                    requireUsable();
                    replies.add(answer(command));
                    after.accept(number, command);
                    requireUsable();
                    time = command.name().equals("DBSIZE") ? time.plus(latency) : time;
                }
                advance(time.plus(roundTrip.dividedBy(2)));
                return new Exchange(replies, wayToServer.plus(time).plus(roundTrip.dividedBy(2)));
            };
        }

        /** Throws an exception if the process was killed or the connection is broken. */
        private void requireUsable() {
            if (killed) {
                throw new Killed();
            }
            if (generation != linkGeneration) {
                throw new LinkBrokenException("connection broke");
            }
        }

        /** Returns the reply to a command of assist. */
        private Reply answer(Command command) {
            List<String> words = command.words();
            return switch (command.name()) {
                case "INFO" -> new Reply.Text(info());
                case "DBSIZE" -> new Reply.Numeric((long) (live + dead));
                case "CONFIG" ->
                    words.get(1).equals("GET") ? replyToGet(words.get(2)) : replyToSet(words.get(2), words.get(3));
                default -> throw new AssertionError(command);
            };
        }

        /** Returns the reply to CONFIG GET. */
        private Reply replyToGet(String name) {
            if (getError != null) {
                return new Reply.Failure(getError);
            }
            String value = settings.get(name);
            return new Reply.Items(value == null ? List.of() : List.of(new Reply.Text(name), new Reply.Text(value)));
        }

        /** Changes a setting, and returns the reply to CONFIG SET. */
        private Reply replyToSet(String name, String value) {
            if (configDenied) {
                return new Reply.Failure("NOPERM User app has no permissions to run the 'config|set' command");
            }
            settings.put(name, value);
            return new Reply.Text("OK");
        }

        @Override
        public void close() {}
    }

    /** Returns the reply to INFO with the fields that assist reads. */
    private String info() {
        return String.format(
                Locale.ROOT,
                """
                redis_version:7.0.15\r
                run_id:run-1\r
                role:%s\r
                master_host:h\r
                master_port:1\r
                expired_keys:%d\r
                expired_stale_perc:%.2f\r
                expire_cycle_cpu_milliseconds:%d\r
                used_cpu_user_main_thread:%.6f\r
                used_cpu_sys_main_thread:0.0\r
                db0:keys=%d,expires=%d,avg_ttl=1\r
                """,
                role,
                (long) expiredKeys,
                staleShare * 100,
                (long) (cycleSeconds * 1000),
                cpuSeconds,
                (long) (live + dead),
                (long) (live + dead));
    }
}
