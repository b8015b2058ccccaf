package io.keysweep.server.scan;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceNotFoundException;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import io.keysweep.server.policy.PolicyChanged;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Wakes sweeps that rest by a policy when that policy changes; they look for themselves whether they may go on. */
@Component
final class RestingSweeps {

    private final ScanStore scans;
    private final ObjectProvider<Scheduler> scheduler;
    private final InstantSource clock;

    RestingSweeps(ScanStore scans, ObjectProvider<Scheduler> scheduler, InstantSource clock) {
        this.scans = scans;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    @EventListener
    void wake(PolicyChanged change) {
        for (Scan scan : scans.active(change.projectId())) {
            if (change.concerns(scan.instanceId())) {
                scan.sweeps().forEach(sweep -> wake(new SweepKey(scan.id(), sweep.nodeId())));
            }
        }
    }

    private void wake(SweepKey key) {
        try {
            scheduler
                    .getObject()
                    .reschedule(TaskInstanceId.of(SweepTask.SWEEP.getTaskName(), key.toString()), clock.instant());
        } catch (TaskInstanceCurrentlyExecutingException | TaskInstanceNotFoundException e) {
            // It runs and is watched, or has just ended.
        }
    }
}
