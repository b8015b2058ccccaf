package io.keysweep.server.budget;

import java.util.ArrayList;
import io.keysweep.server.control.ActiveSweep;
import io.keysweep.server.control.SweepRestriction;
import io.keysweep.server.control.WakeUps;
import io.keysweep.server.policy.PolicyChanged;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.worker.WorkerIdentity;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
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
 * Grants permits within the budgets, to the oldest scans first, over all processes on the database: one of them decides at
 * a time, under a row lock. A permit is a sweep's and not a process's: whoever revives the sweep has it. Safe to share.
 */
@Service
public class Permits {

    private static final Logger LOG = LoggerFactory.getLogger(Permits.class);

    private static final int BATCH = 100;

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

    /** Takes a permit for a sweep whose worker asks, or tells what keeps it from having one; it is in line then. */
    Optional<SweepRestriction> ask(ActiveSweep sweep) {
        Optional<Permit> found = store.find(sweep.execution());
        if (found.isEmpty()) {
            boolean limited = budgets.none().limited();
            // Before the lock: the insert waits for whoever ends the scan, and that one waits for the lock.
            store.insert(sweep.execution(), sweep.orders().scanId(), sweep.host(), limited ? null : worker.id(), now());
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
            // The scan has just ended, which whoever asks finds out by himself.
            return Optional.empty();
        }
        Optional<SweepRestriction> restraint = restraint(found.get());
        if (restraint.isEmpty() && !worker.id().equals(found.get().workerId())) {
            store.takeUp(sweep.execution(), worker.id(), now());
        }
        return restraint;
    }

    /** What keeps a sweep with a place in line from running, if anything. */
    Optional<SweepRestriction> restraint(Permit permit) {
        if (permit.granted() && !permit.recalled()) {
            return Optional.empty();
        }
        BudgetUsage usage = budgets.none();
        store.count(usage);
        String why = usage.why(permit);
        return Optional.of(new SweepRestriction("waits for its budget" + (why == null ? "" : ": " + why), null, null));
    }

    /** Gives back the permit of a sweep that ends, in the transaction that ends it. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void release(String execution) {
        giveBack(() -> store.remove(execution));
    }

    /** Gives back the permits of a scan that ends before its sweeps have begun, in the transaction that ends it. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void releaseAll(UUID scanId) {
        giveBack(() -> store.removeOf(scanId));
    }

    /** Gives back the permit of a sweep that rests, in the transaction that notes that; one that waits keeps its place. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void rest(String execution) {
        giveBack(() -> store.giveBack(execution));
    }

    /** Without a budget there is nobody to wait for, nor anybody who waits. */
    private void giveBack(Runnable change) {
        if (!budgets.none().limited()) {
            change.run();
            return;
        }
        wakeUps.lock();
        change.run();
        grant();
    }

    /** Grants what a changed budget allows, or recalls what it no longer does. */
    @TransactionalEventListener(fallbackExecution = true)
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void budgetChanged(PolicyChanged change) {
        if (change.kind() == PolicyKind.BUDGET) {
            wakeUps.lock();
            grant();
        }
    }

    /** Puts right what a crash, or settings that have changed, may have left behind. */
    @Transactional
    public void settle() {
        wakeUps.lock();
        int stale = store.removeStale();
        if (stale > 0) {
            LOG.info("{} permits of sweeps that are no more were given back", stale);
        }
        grant();
    }

    /** Under the lock. */
    private void grant() {
        BudgetUsage usage = budgets.none();
        store.count(usage);
        if (usage.exceeded()) {
            recall();
        }
        List<String> granted = new ArrayList<>();
        List<Permit> waiting;
        do {
            waiting = usage.exhausted() ? List.of() : store.waiting(usage.fullProjects(), usage.fullHosts(), BATCH);
            List<String> fitting =
                    waiting.stream().filter(usage::take).map(Permit::execution).toList();
            if (!fitting.isEmpty()) {
                store.grant(fitting, now());
            }
            granted.addAll(fitting);
        } while (waiting.size() == BATCH);
        wakeUps.granted(granted);
    }

    /** The youngest are stopped first. */
    private void recall() {
        BudgetUsage kept = budgets.none();
        List<String> tooMany = store.granted().stream()
                .filter(permit -> !kept.take(permit))
                .map(Permit::execution)
                .toList();
        int recalled = store.recall(tooMany);
        if (recalled > 0) {
            LOG.info("{} sweeps are to wait, as a budget has shrunk", recalled);
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
