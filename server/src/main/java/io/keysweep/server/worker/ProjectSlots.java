package io.keysweep.server.worker;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.stereotype.Component;

/**
 * Limits how many threads of this process the short work of one project occupies, such as deliveries to a receiver that
 * does not answer. Thread-safe.
 *
 * <p>Permits limit sweeps. Everything else shares the threads that are left, so one project must not take them all.
 */
@Component
public class ProjectSlots {

    /** Number of slots of each project: half of the 8 threads that a worker has for everything but sweeps. */
    private static final int SLOTS_PER_PROJECT = 4;

    /** Number of slots in use, by project id; a project that uses none is not in the map. */
    private final Map<String, Integer> used = new ConcurrentHashMap<>();

    /** Takes a slot of a project. Returns false if the project uses all of its slots; the work must then wait. */
    public boolean take(String projectId) {
        AtomicBoolean taken = new AtomicBoolean();
        used.compute(projectId, (id, count) -> {
            int before = count == null ? 0 : count;
            taken.set(before < SLOTS_PER_PROJECT);
            return taken.get() ? before + 1 : before;
        });
        return taken.get();
    }

    /** Gives a slot back that was taken for a project. */
    public void giveBack(String projectId) {
        used.computeIfPresent(projectId, (id, count) -> count == 1 ? null : count - 1);
    }
}
