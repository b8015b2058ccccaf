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

/** Does faults to a service, one after the other, until it is told to end and has gone through the deck once. */
final class FaultInjector {

    private static final Duration DEAD = Duration.ofSeconds(4L * ChaosSpec.HEARTBEAT_SECONDS);

    private final Service service;
    private final List<ServiceMember> members;
    private final List<Fault> faults;
    private final FailoverClient caller;
    private final Random random;
    private final Duration gap;
    private final Findings findings;
    private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);
    private final Deque<Fault> deck = new ArrayDeque<>();
    private final List<Future<?>> underWay = new ArrayList<>();
    private volatile boolean ending;

    /** What is done to one process meanwhile. */
    @FunctionalInterface
    private interface Deed {
        void to(ServiceMember member) throws Exception;
    }

    /**
     * Disturbs some processes of a service.
     *
     * @param members what may be killed and frozen
     * @param faults the deck: what is done, in an order that follows from the seed, again and again
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

    /** Has {@link #run} come to its end once it has gone through all faults. */
    void end() {
        ending = true;
    }

    /** Once through the deck at least; when it returns all processes are up again and nothing is held. */
    void run() {
        try (ExecutorService deeds = Executors.newVirtualThreadPerTaskExecutor()) {
            boolean once = false;
            while (!ending || !once) {
                park(gap.dividedBy(2), gap.multipliedBy(3).dividedBy(2));
                if (deck.isEmpty()) {
                    shuffle();
                }
                once |= deck.size() == 1;
                Fault fault = deck.removeFirst();
                System.err.println("chaos: " + fault.words);
                disturb(fault, deeds);
                done.merge(fault, 1, Integer::sum);
            }
            calm();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void shuffle() {
        List<Fault> shuffled = new ArrayList<>(faults);
        Collections.shuffle(shuffled, random);
        deck.addAll(shuffled);
    }

    /** How often each was done, by its words. */
    Map<String, Integer> done() {
        Map<String, Integer> words = new LinkedHashMap<>();
        done.forEach((fault, times) -> words.put(fault.words, times));
        return words;
    }

    private void disturb(Fault fault, ExecutorService deeds) throws InterruptedException {
        switch (fault) {
            case KILL -> toOne(deeds, this::killed);
            case KILL_TWO -> {
                toOne(deeds, this::killed);
                toOne(deeds, this::killed);
            }
            case FREEZE -> toOne(deeds, member -> frozen(member, DEAD.plusSeconds(1), DEAD.plusSeconds(4)));
            case BLINK -> toOne(deeds, member -> frozen(member, Duration.ofMillis(300), Duration.ofMillis(2500)));
            case TERMINATE ->
                toOne(deeds, member -> {
                    member.terminate();
                    member.restart();
                });
            case DATABASE_RESTART -> service.database().restart();
            case DATABASE_CRASH -> service.database().crash();
            case HOLD -> {
                // A frozen process would set the hold long after it was released.
                calm();
                caller.call("hold: set", "PUT", "/api/v1/hold", "{\"reason\":\"chaos\"}", Map.of());
                park(Duration.ofMillis(500), Duration.ofSeconds(3));
                caller.call("hold: release", "DELETE", "/api/v1/hold", "", Map.of());
            }
        }
    }

    private void killed(ServiceMember member) throws Exception {
        member.kill();
        park(Duration.ZERO, Duration.ofSeconds(3));
        member.restart();
    }

    private void frozen(ServiceMember member, Duration least, Duration most) {
        member.process().freeze();
        park(least, most);
        member.process().thaw();
    }

    /** Takes a process that nothing is done to at present; if there is none, there is chaos enough. */
    private void toOne(ExecutorService deeds, Deed deed) {
        int first = random.nextInt(members.size());
        underWay.add(deeds.submit(() -> {
            for (int i = 0; i < members.size(); i++) {
                ServiceMember member = members.get((first + i) % members.size());
                if (member.take()) {
                    try {
                        deed.to(member);
                    } finally {
                        member.letGo();
                    }
                    return null;
                }
            }
            return null;
        }));
    }

    private void calm() throws InterruptedException {
        for (Future<?> deed : underWay) {
            try {
                deed.get();
            } catch (ExecutionException e) {
                findings.add("a process that does not come back: " + e.getCause());
            }
        }
        underWay.clear();
    }

    private void park(Duration least, Duration most) {
        LockSupport.parkNanos(least.toNanos()
                + (long) (random.nextDouble() * most.minus(least).toNanos()));
    }
}
