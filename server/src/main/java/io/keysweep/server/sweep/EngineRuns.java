package io.keysweep.server.sweep;

import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepListener;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.Shard;
import io.keysweep.server.control.AssistMode;
import io.keysweep.server.control.SweepHandle;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.tracing.RunSpan;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Lets the engine sweep a primary on behalf of {@link SweepRunner}, and returns how the run has ended.
 *
 * <p>A run is the work of one worker on a sweep (the part of a scan that visits one primary). During the run,
 * checkpoints (positions and counts) and holds (times without steps) are stored through the {@link SweepAttempt}, and
 * the metrics are counted. Thread-safe.
 */
@Component
class EngineRuns {

    private static final Logger LOG = LoggerFactory.getLogger(EngineRuns.class);

    private final InstanceStore instances;
    private final SweepEngine engine;
    private final AssistPhase assist;
    private final SweepMeters meters;
    private final InstantSource clock;

    EngineRuns(
            InstanceStore instances, SweepEngine engine, AssistPhase assist, SweepMeters meters, InstantSource clock) {
        this.instances = instances;
        this.engine = engine;
        this.assist = assist;
        this.meters = meters;
        this.clock = clock;
    }

    /**
     * Sweeps the primary. If the scan asks for assist, the primary is assisted before the sweep or instead of it: its
     * settings are raised for a while. The method works on the thread of the caller, until the run ends or is cancelled
     * through {@code control}.
     *
     * <p>An exception that is not listed here is a bug: it is logged, and the result is {@link RunResult.Faulty}.
     *
     * @param control cancels, pauses or retunes the sweep from other threads
     * @param handle names the pace of the sweep when the run begins, and says whether key names must not leave the
     *     server
     * @param span records the run in its trace
     * @throws SupersededException if another worker has claimed the sweep
     * @throws DataAccessException if the database fails, so that nothing more can be stored
     * @throws TransactionException if the database fails at the beginning or end of a transaction
     * @throws InterruptedException if the thread is interrupted
     */
    RunResult run(PreparedRun prepared, SweepControl control, SweepHandle handle, RunSpan span)
            throws InterruptedException {
        SweepAttempt attempt = prepared.attempt();
        String nodeId = attempt.key().nodeId();
        CheckpointWriter writer = new CheckpointWriter(attempt, clock);
        try {
            Instance instance = instances.find(prepared.scan().instanceId()).orElseThrow();
            Deployment deployment = instance.deployment();
            SweepRequest request = SweepRequest.of(deployment, handle.pace())
                    .ofShard(deployment, shard(deployment, prepared.sweep()))
                    .withNamesStaying(handle.namesStay())
                    .withDeadline(prepared.deadline())
                    .resumingFrom(prepared.checkpoint());

            LOG.info("Sweep of {} begins, attempt {}", nodeId, attempt.number());
            SweepListener tracedWriter = new TracedRun(span, writer);
            try (SweepMeters.RunListener listener = meters.newRunListener(prepared.sweep(), tracedWriter)) {
                AssistReport assistReport = assist.run(prepared, instance, request, control, listener);
                boolean onlyAssists = prepared.scan().assist() == AssistMode.ONLY;
                return onlyAssists && assistReport != null
                        ? new RunResult.Assisted(assistReport)
                        : new RunResult.Reported(engine.sweep(request, control, listener));
            } catch (NodeRefusedException e) {
                span.fail(String.valueOf(e.getMessage()));
                // In a cluster or behind sentinels, another node can become the primary, so more causes can disappear
                // without an operator.
                boolean primaryCanMove = !(deployment instanceof Deployment.Standalone);
                return new RunResult.Refused(e, e.mayPass(primaryCanMove), writer.serverLostAt());
            }
        } catch (SupersededException | DataAccessException | TransactionException e) {
            // Nothing more can be stored: the sweep belongs to another worker, or the database fails. The caller
            // handles the first case, and db-scheduler repeats the execution in the second.
            throw e;
        } catch (RuntimeException e) {
            LOG.error("Sweep of {} failed by an unexpected exception", nodeId, e);
            span.fail("Internal error; see the service's log.");
            return new RunResult.Faulty();
        }
    }

    /** Returns the shard of a cluster that the sweep covers, or null outside a cluster. */
    private static @Nullable Shard shard(Deployment deployment, SweepRecord sweep) {
        return deployment instanceof Deployment.Cluster
                ? new Shard(NodeAddress.parse(sweep.nodeId()), sweep.slots())
                : null;
    }
}
