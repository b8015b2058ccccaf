package io.keysweep.benchmarks.chaos;

import io.keysweep.benchmarks.service.FailoverClient;
import io.keysweep.benchmarks.service.Service;
import io.keysweep.benchmarks.service.ServiceMember;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * Injects faults into a running service, with a random gap between two faults.
 *
 * <p>Faults are drawn like cards from a shuffled deck, so each occurs as often as it is in the deck. A used-up deck is
 * filled and shuffled again.
 *
 * <p>A fault of a process lasts seconds and runs on a separate thread, so several processes can suffer at the same
 * time. The next gap begins together with such a fault. A fault of the database or a hold runs on the thread of {@link
 * #run}, and the next gap begins at its end. {@link #run} is called once; {@link #end} may be called by any thread.
 */
final class FaultInjector {

    /** The time without a heartbeat after which the service regards a process as dead. */
    private static final Duration HEARTBEAT_LIMIT = Duration.ofSeconds(4L * ChaosSpec.HEARTBEAT_SECONDS);

    /** The shortest freeze. It is so long that the service regards the process as dead. */
    private static final Duration MIN_FREEZE = HEARTBEAT_LIMIT.plusSeconds(1);

    private static final Duration MAX_FREEZE = HEARTBEAT_LIMIT.plusSeconds(4);
    private static final Duration MIN_BLINK = Duration.ofMillis(300);

    /** The longest blink. It is so short that the service regards the process as alive. */
    private static final Duration MAX_BLINK = Duration.ofMillis(2500);

    private final Service service;
    private final List<ServiceMember> members;
    private final List<Fault> faults;
    private final FailoverClient caller;
    private final Random random;
    private final Duration gap;
    private final Findings findings;

    /** The number of times that each fault was drawn. */
    private final Map<Fault, Integer> injected = new EnumMap<>(Fault.class);

    private final Deque<Fault> deck = new ArrayDeque<>();

    /** The faults of processes that may not have ended yet. */
    private final List<Future<?>> disturbances = new ArrayList<>();

    private volatile boolean ending;

    /** Applies one fault to one process. It runs on a separate thread, because it lasts seconds. */
    @FunctionalInterface
    private interface Disturbance {
        void apply(ServiceMember member) throws Exception;
    }

    /**
     * Creates an injector.
     *
     * @param service the service, whose database suffers faults too
     * @param members the processes that may be killed and frozen
     * @param faults the deck of faults, in which a fault may occur several times
     * @param caller sets and releases the global hold
     * @param seed the seed of the order and of other random choices
     * @param gap the average time between two faults
     * @param findings receives a finding for each process that does not recover
     */
    FaultInjector(
            Service service,
            List<ServiceMember> members,
            List<Fault> faults,
            FailoverClient caller,
            long seed,
            Duration gap,
            Findings findings) {
        this.service = service;
        this.members = members;
        this.faults = faults;
        this.caller = caller;
        this.random = new Random(seed);
        this.gap = gap;
        this.findings = findings;
    }

    /**
     * Asks {@link #run} to end. If the first deck is not used up yet, {@link #run} first injects the faults that are
     * left in it.
     */
    void end() {
        ending = true;
    }

    /**
     * Injects faults until {@link #end}. When this method returns, all processes have restarted, unless
     * {@link Findings} says otherwise, and no hold is set.
     *
     * @throws IllegalStateException if the service does not answer the calls that set and release a hold
     */
    void run() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            boolean firstDeckUsedUp = false;
            while (!ending || !firstDeckUsedUp) {
                sleep(gap.dividedBy(2), gap.multipliedBy(3).dividedBy(2));
                if (deck.isEmpty()) {
                    shuffle();
                }
                Fault fault = deck.removeFirst();
                firstDeckUsedUp |= deck.isEmpty();
                System.err.println("chaos: " + fault.description);
                inject(fault, threads);
                injected.merge(fault, 1, Integer::sum);
            }
            awaitRecovery();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void shuffle() {
        List<Fault> shuffledFaults = new ArrayList<>(faults);
        Collections.shuffle(shuffledFaults, random);
        deck.addAll(shuffledFaults);
    }

    /**
     * Returns how often each fault was drawn, by {@link Fault#description}. A fault that found no healthy process had
     * no effect, but is counted.
     */
    Map<String, Integer> injected() {
        Map<String, Integer> times = new LinkedHashMap<>();
        injected.forEach((fault, number) -> times.put(fault.description, number));
        return times;
    }

    /**
     * Injects one fault. A fault of a process continues after this method returns; a fault of the database or a hold
     * has ended by then.
     */
    private void inject(Fault fault, ExecutorService threads) throws InterruptedException {
        switch (fault) {
            case KILL -> disturbOne(threads, this::killAndRestart);
            case KILL_TWO -> {
                disturbOne(threads, this::killAndRestart);
                disturbOne(threads, this::killAndRestart);
            }
            case FREEZE -> disturbOne(threads, member -> freezeAndThaw(member, MIN_FREEZE, MAX_FREEZE));
            case BLINK -> disturbOne(threads, member -> freezeAndThaw(member, MIN_BLINK, MAX_BLINK));
            case TERMINATE ->
                disturbOne(threads, member -> {
                    member.terminate();
                    member.restart();
                });
            case DATABASE_RESTART -> service.database().restart();
            case DATABASE_CRASH -> service.database().crash();
            case HOLD -> {
                // A frozen process might set the hold after this thread has released it.
                awaitRecovery();
                caller.call("hold: set", "PUT", "/api/v1/hold", "{\"reason\":\"chaos\"}");
                sleep(Duration.ofMillis(500), Duration.ofSeconds(3));
                caller.delete("hold: release", "/api/v1/hold");
            }
        }
    }

    private void killAndRestart(ServiceMember member) throws Exception {
        member.kill();
        sleep(Duration.ZERO, Duration.ofSeconds(3));
        member.restart();
    }

    /** Stops a process with SIGSTOP for a random time between two bounds, and lets it continue. */
    private void freezeAndThaw(ServiceMember member, Duration min, Duration max) {
        member.process().freeze();
        sleep(min, max);
        member.process().thaw();
    }

    /** Disturbs a random process that suffers no fault at present. Does nothing if all processes suffer one. */
    private void disturbOne(ExecutorService threads, Disturbance disturbance) {
        int firstIndex = random.nextInt(members.size());
        disturbances.add(threads.submit(() -> {
            for (int i = 0; i < members.size(); i++) {
                ServiceMember member = members.get((firstIndex + i) % members.size());
                if (member.tryReserve()) {
                    try {
                        disturbance.apply(member);
                    } finally {
                        member.release();
                    }
                    return null;
                }
            }
            return null;
        }));
    }

    /** Waits until no process still suffers a fault. */
    private void awaitRecovery() throws InterruptedException {
        for (Future<?> disturbance : disturbances) {
            try {
                disturbance.get();
            } catch (ExecutionException e) {
                findings.add("a process did not recover: " + e.getCause());
            }
        }
        disturbances.clear();
    }

    /** Waits for a random time between two bounds. */
    private void sleep(Duration min, Duration max) {
        LockSupport.parkNanos(
                min.toNanos() + (long) (random.nextDouble() * max.minus(min).toNanos()));
    }
}
