package io.keysweep.engine.sweep;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs a sweep of a simulated server, and collects its events. */
abstract class SweepTestCase {

    static final int LIVE = 30_000;
    static final int DEAD = 15_000;

    /** The server that is swept: one database with live and dead keys. */
    final SimulatedServer server = new SimulatedServer(LIVE, DEAD);

    final SweepControl control = new SweepControl();

    /** The events of the sweeps of {@link #server}. */
    final List<SweepEvent> events = new ArrayList<>();

    /** A request with the defaults: the pace gentle, a checkpoint every 250 ms, and no earlier checkpoint. */
    final SweepRequest request =
            SweepRequest.of(new Deployment.Standalone(new NodeAddress("simulated", 1), Access.OPEN), PacePolicy.GENTLE);

    /** Returns the parts of the sweep that events report as done, 0 to 1, in their order. */
    static List<Double> fractions(List<SweepEvent> received) {
        return received.stream()
                .mapMulti((SweepEvent event, Consumer<Double> sink) -> {
                    if (event instanceof SweepEvent.Progressed progressed) {
                        sink.accept(progressed.progress().fraction());
                    } else if (event instanceof SweepEvent.Checkpointed checkpointed) {
                        sink.accept(checkpointed.checkpoint().fraction());
                    }
                })
                .toList();
    }

    /** Sweeps {@link #server} to its end, and records the events. */
    SweepReport sweep(SweepRequest sweepRequest) throws InterruptedException {
        return run(server, sweepRequest, events);
    }

    /** Sweeps any simulated server to its end, under the control of the test, and collects the events. */
    SweepReport run(SimulatedServer target, SweepRequest sweepRequest, List<SweepEvent> received)
            throws InterruptedException {
        return run(target, sweepRequest, (SweepListener) received::add);
    }

    /** Sweeps any simulated server to its end, under the control of the test. */
    SweepReport run(SimulatedServer target, SweepRequest sweepRequest, SweepListener listener)
            throws InterruptedException {
        return new Sweep(target, timing(target), new Random(1), sweepRequest, control, listener).run();
    }

    /** Sweeps any simulated server to its end, under another control, and collects the events. */
    static SweepReport run(
            SimulatedServer target, SweepRequest sweepRequest, SweepControl otherControl, List<SweepEvent> received)
            throws InterruptedException {
        return new Sweep(target, timing(target), new Random(1), sweepRequest, otherControl, received::add).run();
    }

    /** Returns a request for another pace. */
    SweepRequest request(PacePolicy policy) {
        return SweepRequest.of(request.deployment(), policy);
    }

    /** Returns a request for the pace full, which has several steps in flight. */
    SweepRequest fullShareRequest() {
        return request(PacePolicy.FULL);
    }

    /** Returns the simulated time of {@link #server}. */
    Timing timing() {
        return timing(server);
    }

    /** Returns the simulated time of a server. */
    static Timing timing(SimulatedServer target) {
        return new Timing(target.clock, target.clock::nanoTime, target::sleep);
    }

    /** Returns the checkpoints in {@link #events}. */
    List<Checkpoint> checkpoints() {
        return events.stream()
                .filter(SweepEvent.Checkpointed.class::isInstance)
                .map(event -> ((SweepEvent.Checkpointed) event).checkpoint())
                .toList();
    }

    /** Returns the last checkpoint among events; null if there is none. */
    static @Nullable Checkpoint lastCheckpoint(List<SweepEvent> received) {
        return received.stream()
                .filter(SweepEvent.Checkpointed.class::isInstance)
                .map(event -> ((SweepEvent.Checkpointed) event).checkpoint())
                .reduce((first, second) -> second)
                .orElse(null);
    }

    /** Returns the reasons of the holds in {@link #events}. */
    List<String> reasons() {
        return events.stream()
                .filter(SweepEvent.HoldBegan.class::isInstance)
                .map(event -> ((SweepEvent.HoldBegan) event).reason())
                .toList();
    }
}
