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

    final SimulatedServer server = new SimulatedServer(LIVE, DEAD);
    final SweepControl control = new SweepControl();
    final List<SweepEvent> events = new ArrayList<>();
    final SweepRequest request =
            SweepRequest.of(new Deployment.Standalone(new NodeAddress("simulated", 1), Access.OPEN), PacePolicy.GENTLE);

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

    SweepReport sweep(SweepRequest sweepRequest) throws InterruptedException {
        return run(server, sweepRequest, events);
    }

    SweepReport run(SimulatedServer on, SweepRequest sweepRequest, List<SweepEvent> received)
            throws InterruptedException {
        return run(on, sweepRequest, (SweepListener) received::add);
    }

    SweepReport run(SimulatedServer on, SweepRequest sweepRequest, SweepListener listener) throws InterruptedException {
        return new Sweep(on, timing(on), new Random(1), sweepRequest, control, listener).run();
    }

    static SweepReport run(
            SimulatedServer on, SweepRequest sweepRequest, SweepControl otherControl, List<SweepEvent> received)
            throws InterruptedException {
        return new Sweep(on, timing(on), new Random(1), sweepRequest, otherControl, received::add).run();
    }

    SweepRequest fullShareRequest() {
        return SweepRequest.of(request.deployment(), PacePolicy.FULL);
    }

    Timing timing() {
        return timing(server);
    }

    static Timing timing(SimulatedServer on) {
        return new Timing(on.clock, on.clock::nanoTime, on::sleep);
    }

    List<Checkpoint> checkpoints() {
        return events.stream()
                .filter(SweepEvent.Checkpointed.class::isInstance)
                .map(event -> ((SweepEvent.Checkpointed) event).checkpoint())
                .toList();
    }

    static @Nullable Checkpoint lastCheckpoint(List<SweepEvent> received) {
        return received.stream()
                .filter(SweepEvent.Checkpointed.class::isInstance)
                .map(event -> ((SweepEvent.Checkpointed) event).checkpoint())
                .reduce((first, second) -> second)
                .orElse(null);
    }

    List<String> reasons() {
        return events.stream()
                .filter(SweepEvent.HoldBegan.class::isInstance)
                .map(event -> ((SweepEvent.HoldBegan) event).reason())
                .toList();
    }
}
