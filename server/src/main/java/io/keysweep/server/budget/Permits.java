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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Grants permits to sweeps, so that no more sweeps run at once than the budgets allow. The oldest scans come first.
 *
 * <p>All processes that share a database share the budgets: a row lock makes one process decide at a time. A permit
 * belongs to a sweep and not to a process, so another process that continues the sweep also has its permit.
 * Thread-safe.
 */
@Service
public class Permits {

    private static final Logger LOG = LoggerFactory.getLogger(Permits.class);

    /** Number of waiting permits that are read with one query. */
    private static final int BATCH_SIZE = 100;

    private final PermitStore store;
    private final Budgets budgets;
    private final WakeUps wakeUps;
    private final WorkerIdentity worker;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    Permits(
            PermitStore store,
            Budgets budgets,
            WakeUps wakeUps,
            WorkerIdentity worker,
            TransactionTemplate transaction,
            InstantSource clock) {
        this.store = store;
        this.budgets = budgets;
        this.wakeUps = wakeUps;
        this.worker = worker;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Requests a permit for a sweep that a worker is about to begin. Returns empty if the sweep may run. Otherwise the
     * sweep is in the queue, and the reason is returned.
     */
    Optional<SweepRestriction> request(ActiveSweep sweep) {
        Optional<Permit> found = store.find(sweep.execution());
        if (found.isEmpty()) {
            boolean limited = budgets.newUsage().isLimited();
            // Inserted before the lock is taken, to avoid a deadlock: the insert waits for a transaction that ends the
            // scan, and that transaction waits for the lock.
            store.insert(
                    sweep.execution(),
                    sweep.instructions().scanId(),
                    sweep.host(),
                    limited ? null : worker.id(),
                    now());
            found = store.find(sweep.execution());
        }
        if (found.isPresent() && !found.get().granted()) {
            transaction.executeWithoutResult(status -> {
                wakeUps.lock();
                grant();
            });
            found = store.find(sweep.execution());
        }
        if (found.isEmpty()) {
            // The scan has just ended. The worker finds that out when it starts the scan.
            return Optional.empty();
        }
        Optional<SweepRestriction> restriction = restriction(found.get());
        if (restriction.isEmpty() && !worker.id().equals(found.get().workerId())) {
            store.assign(sweep.execution(), worker.id(), now());
        }
        return restriction;
    }

    /** Returns why a sweep must wait for its budget, or empty if its permit is granted and not recalled. */
    Optional<SweepRestriction> restriction(Permit permit) {
        if (permit.granted() && !permit.recalled()) {
            return Optional.empty();
        }
        BudgetUsage usage = budgets.newUsage();
        store.addGrantedTo(usage);
        String reason = usage.refusalReason(permit);
        return Optional.of(
                new SweepRestriction("waits for its budget" + (reason == null ? "" : ": " + reason), null, null));
    }

    /**
     * Removes the permit of a sweep that ends, so that another sweep can get one. Must be called in the transaction
     * that ends the sweep.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void release(String execution) {
        releaseAndGrant(() -> store.remove(execution));
    }

    /**
     * Removes all permits of a scan that ends before a worker has begun it. Must be called in the transaction that ends
     * the scan.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void releaseAll(UUID scanId) {
        releaseAndGrant(() -> store.removeOf(scanId));
    }

    /**
     * Takes the permit from a sweep that must wait. Must be called in the transaction that records the wait. A sweep
     * that waits for its budget keeps its place in the queue.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void releaseWhileWaiting(String execution) {
        releaseAndGrant(() -> store.withdraw(execution));
    }

    /** Removes permits, and grants the waiting ones that fit then. */
    private void releaseAndGrant(Runnable change) {
        if (!budgets.newUsage().isLimited()) {
            // Without a budget nothing waits for a permit, so neither the lock nor a grant is needed.
            change.run();
            return;
        }
        wakeUps.lock();
        change.run();
        grant();
    }

    /** Grants the permits that a changed budget allows, and recalls those that it no longer allows. */
    @TransactionalEventListener(fallbackExecution = true)
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void onBudgetChange(PolicyChanged change) {
        if (change.kind() == PolicyKind.BUDGET) {
            wakeUps.lock();
            grant();
        }
    }

    /**
     * Removes permits that a crash has left behind. Also applies budgets that were changed in the settings before the
     * last start.
     */
    @Transactional
    public void repair() {
        wakeUps.lock();
        int stale = store.removeStale();
        if (stale > 0) {
            LOG.info("Removed {} permits of sweeps that no longer exist", stale);
        }
        grant();
    }

    /**
     * Grants all waiting permits that fit, and recalls granted ones that no longer fit. The caller must have the lock.
     */
    private void grant() {
        BudgetUsage usage = budgets.newUsage();
        store.addGrantedTo(usage);
        if (usage.isExceeded()) {
            recall();
        }
        List<String> granted = new ArrayList<>();
        List<Permit> waiting;
        do {
            // Full projects and hosts are left out of the query, so that their queues do not fill the batch.
            waiting = usage.isExhausted()
                    ? List.of()
                    : store.waiting(usage.fullProjects(), usage.fullHosts(), BATCH_SIZE);
            List<String> fitting = waiting.stream()
                    .filter(usage::addIfFits)
                    .map(Permit::execution)
                    .toList();
            if (!fitting.isEmpty()) {
                store.grant(fitting, now());
            }
            granted.addAll(fitting);
        } while (waiting.size() == BATCH_SIZE);
        wakeUps.granted(granted);
    }

    /**
     * Recalls the permits that no longer fit. The oldest scans are counted first, so the youngest ones lose their
     * permits.
     */
    private void recall() {
        BudgetUsage kept = budgets.newUsage();
        List<String> excess = store.granted().stream()
                .filter(permit -> !kept.addIfFits(permit))
                .map(Permit::execution)
                .toList();
        int recalled = store.recall(excess);
        if (recalled > 0) {
            LOG.info("Recalled the permits of {} sweeps, because a budget has shrunk", recalled);
        }
    }

    /** Returns the present time in milliseconds, which is the precision of the columns in the database. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
