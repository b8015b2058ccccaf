package io.keysweep.server.budget;

import io.keysweep.server.control.ActiveSweep;
import io.keysweep.server.control.SweepRestriction;
import io.keysweep.server.control.WakeUps;
import io.keysweep.server.policy.PolicyChanged;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.worker.WorkerIdentity;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Grants permits, which allow sweeps to run, within the budgets and the threads of the workers.
 *
 * <p>A sweep is the part of a scan that visits one primary. A budget is the maximum number of sweeps that run at the
 * same time: in total, of a project, or on a host. A worker is a process that runs sweeps, each on one of its threads.
 *
 * <ul>
 *   <li>A free permit goes to the project that has the fewest permits. So each project gets an even part of the
 *       workers, and a project that needs less leaves the rest to other projects. Within a project, the oldest scans
 *       come first.
 *   <li>A granted permit is recalled if it exceeds a budget, which may have shrunk, or the worker threads. The sweep
 *       then stores its position, and waits in the queue of its project.
 *   <li>A permit belongs to a sweep and not to a process, so another process that continues the sweep has its permit.
 *   <li>All processes that share a database share the budgets. A row lock makes one process decide at a time.
 * </ul>
 *
 * <p>Thread-safe.
 */
@Service
public class Permits {

    private static final Logger LOG = LoggerFactory.getLogger(Permits.class);

    /** Number of waiting permits that are read with one query. */
    private static final int BATCH_SIZE = 100;

    private final PermitStore store;
    private final PermitRecovery recovery;
    private final Budgets budgets;
    private final WakeUps wakeUps;
    private final WorkerIdentity worker;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    /** Lets one thread of this process at a time grant a permit without the lock that all processes share. */
    private final ReentrantLock ownGrants = new ReentrantLock();

    Permits(
            PermitStore store,
            PermitRecovery recovery,
            Budgets budgets,
            WakeUps wakeUps,
            WorkerIdentity worker,
            TransactionTemplate transaction,
            InstantSource clock) {
        this.store = store;
        this.recovery = recovery;
        this.budgets = budgets;
        this.wakeUps = wakeUps;
        this.worker = worker;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Requests a permit for a sweep that this process is about to begin. If the sweep may run, its permit then names
     * this process.
     *
     * <p>If the sweep has no granted permit and cannot get one immediately, this method grants all waiting permits that
     * fit, also of other sweeps. Before that, it waits while another process decides about permits.
     *
     * @return empty if the sweep may run, or if its scan has just ended; otherwise the sweep is in the queue or its
     *     permit is recalled, and the result says why it waits
     */
    Optional<SweepRestriction> request(ActiveSweep sweep) {
        Optional<Permit> permit = store.find(sweep.execution());
        if (permit.isEmpty()) {
            if (grantWithoutSharedLock(sweep)) {
                return Optional.empty();
            }
            // The permit is inserted before the shared lock is taken, to avoid a deadlock: the insert waits for a
            // transaction that ends the scan, and that transaction waits for the lock.
            insert(sweep, /* workerId= */ null);
            permit = store.find(sweep.execution());
        }

        if (permit.isPresent() && !permit.get().granted()) {
            lockAndGrant();
            permit = store.find(sweep.execution());
        }
        if (permit.isEmpty()) {
            // The scan has just ended. The worker notices that when it starts the scan.
            return Optional.empty();
        }

        Optional<SweepRestriction> restriction = restriction(permit.get());
        if (restriction.isEmpty() && !worker.id().equals(permit.get().workerId())) {
            store.assign(sweep.execution(), worker.id(), now());
        }
        return restriction;
    }

    /**
     * Grants a new permit without the lock that all processes share, if no budget is set, no sweep waits, and at least
     * one thread for each living worker is free.
     *
     * <p>Each process grants only one permit at a time in this way, so all processes together do not grant too many. A
     * process that has the shared lock at that moment can grant one of the same threads. The excess permit is then
     * recalled by {@link #grantAndRecall}, at the latest by the next {@link #repair}.
     *
     * @return whether the permit was granted; if not, nothing was inserted
     */
    private boolean grantWithoutSharedLock(ActiveSweep sweep) {
        ownGrants.lock();
        try {
            BudgetUsage usage = currentUsage();
            boolean fits = !usage.isLimited()
                    && !usage.areWorkersBusy()
                    && usage.freeThreads() >= usage.workerIds().size()
                    && !store.isAnyWaiting();
            return fits && insert(sweep, worker.id());
        } finally {
            ownGrants.unlock();
        }
    }

    /**
     * Inserts a permit, granted to a worker or waiting. Returns false if the sweep has one already, or its scan has
     * ended.
     *
     * @param workerId the id of the worker; null for a permit that waits
     */
    private boolean insert(ActiveSweep sweep, @Nullable String workerId) {
        return store.insert(sweep.execution(), sweep.instructions().scanId(), sweep.host(), workerId, now());
    }

    /** Grants and recalls permits as the budgets require, under the lock that lets one process at a time do so. */
    private void lockAndGrant() {
        ownGrants.lock();
        try {
            transaction.executeWithoutResult(status -> {
                store.lockGrants();
                grantAndRecall();
            });
        } finally {
            ownGrants.unlock();
        }
    }

    /** Returns how much of the budgets and of the worker threads all granted permits use now. */
    private BudgetUsage currentUsage() {
        BudgetUsage usage = budgets.newUsage();
        store.addGrantedTo(usage);
        return usage;
    }

    /**
     * Returns why a sweep must wait for its budget or for a worker, or empty if its permit is granted and not recalled.
     */
    Optional<SweepRestriction> restriction(Permit permit) {
        if (permit.granted() && !permit.recalled()) {
            return Optional.empty();
        }
        // The reason is null if the budget has room again, but the permit is not granted yet, or is still recalled.
        String reason = currentUsage().refusalReason(permit);
        return Optional.of(new SweepRestriction(
                reason == null ? BudgetUsage.WAITS_FOR_BUDGET : reason, /* ending= */ null, /* until= */ null));
    }

    /**
     * Removes the permit of a sweep that ends, and grants the waiting permits that fit then. Must be called in the
     * transaction that ends the sweep.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void release(String execution) {
        releaseAndGrant(() -> store.remove(execution));
    }

    /**
     * Removes all permits of a scan that ends before a worker has begun it, and grants the waiting permits that fit
     * then. Must be called in the transaction that ends the scan.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void releaseAll(UUID scanId) {
        releaseAndGrant(() -> store.removeAllOf(scanId));
    }

    /**
     * Takes the permit from a sweep that must wait, and grants the waiting permits that fit then. Must be called in the
     * transaction that records the wait. A sweep that waits for its budget keeps its place in the queue.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void releaseWhileWaiting(String execution) {
        releaseAndGrant(() -> store.withdraw(execution, now()));
    }

    /**
     * Releases permits, and grants the waiting permits that fit then.
     *
     * @param release writes the release to the database
     */
    private void releaseAndGrant(Runnable release) {
        if (!budgets.isAnySet() && !store.isAnyWaiting()) {
            // Nothing can be granted, so the lock is not needed. A sweep that begins to wait at this moment is granted
            // its permit by repair().
            release.run();
            return;
        }
        store.lockGrants();
        release.run();
        grantAndRecall();
    }

    /**
     * Grants the permits that a changed budget of a project allows, and recalls the permits that it no longer allows.
     * Spring calls this after the commit of the change, so it needs a separate transaction. Changes of other policies
     * have no effect.
     */
    @TransactionalEventListener(fallbackExecution = true)
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void onBudgetChange(PolicyChanged change) {
        if (change.kind() == PolicyKind.BUDGET) {
            store.lockGrants();
            grantAndRecall();
        }
    }

    /**
     * Repairs the permits after a crash, a lost worker or a changed setting. {@link BudgetTask} calls this every 10 s.
     *
     * <ul>
     *   <li>Removes permits whose scan or sweep has ended.
     *   <li>Puts permits of lost workers back in their queues if the other workers need the threads.
     *   <li>Grants permits for workers that have started, and applies budgets that were changed in the settings
     *       before the last start.
     *   <li>Wakes sweeps that would otherwise keep a granted permit unused, or wait in no queue, because a crash has
     *       prevented their wake-up.
     * </ul>
     */
    @Transactional
    public void repair() {
        store.lockGrants();
        int stale = recovery.removeStale();
        if (stale > 0) {
            LOG.info("Removed {} permits of sweeps that no longer exist", stale);
        }
        grantAndRecall();
        wakeUps.wakeGranted(recovery.findNotBegun());
        wakeUps.wakeGranted(recovery.findNotQueued());
    }

    /**
     * Grants all waiting permits that fit, wakes their sweeps, and recalls granted permits that no longer fit. Puts
     * permits of lost workers back in their queues. The caller must have the lock.
     */
    private void grantAndRecall() {
        BudgetUsage usage = currentUsage();
        if (usage.isExceeded()) {
            // Recalled permits are still counted as granted until their sweeps have stopped.
            recallExcess();
        }
        if (usage.permitsBeyondWorkers() > 0) {
            // Workers were lost. Their sweeps go back to the queues, instead of keeping the other workers occupied.
            recovery.requeueOfLostWorkers(usage.workerIds(), usage.permitsBeyondWorkers(), now());
            usage = currentUsage();
            if (usage.permitsBeyondWorkers() > 0) {
                recallExcess();
            }
        }
        wakeUps.wakeGranted(grantWaiting(usage));
    }

    /** Grants all waiting permits that fit into a usage. Returns the ids of their executions. */
    private List<String> grantWaiting(BudgetUsage usage) {
        List<String> grantedExecutions = new ArrayList<>();
        List<Permit> waitingPermits;
        do {
            // Full projects and hosts are left out of the query, so that their queues do not fill the batch.
            waitingPermits = usage.isExhausted()
                    ? List.of()
                    : store.findWaiting(usage.fullProjects(), usage.fullHosts(), BATCH_SIZE);
            List<String> fittingExecutions = waitingPermits.stream()
                    .filter(usage::addIfFits)
                    .map(Permit::execution)
                    .toList();
            if (!fittingExecutions.isEmpty()) {
                store.grant(fittingExecutions, now());
            }
            grantedExecutions.addAll(fittingExecutions);
        } while (waitingPermits.size() == BATCH_SIZE);
        return grantedExecutions;
    }

    /**
     * Recalls the permits that no longer fit. The oldest scans are counted first, so the youngest scans lose their
     * permits.
     */
    private void recallExcess() {
        BudgetUsage usageToKeep = budgets.newUsage();
        List<String> excessExecutions = store.findGranted().stream()
                .filter(permit -> !usageToKeep.addIfFits(permit))
                .map(Permit::execution)
                .toList();
        int recallCount = store.recall(excessExecutions);
        if (recallCount > 0) {
            LOG.info("Recalled the permits of {} sweeps that exceed a budget or the worker threads", recallCount);
        }
    }

    /** Returns the current time in milliseconds, which is the precision of the columns in the database. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
