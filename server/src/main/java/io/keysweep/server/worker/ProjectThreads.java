package io.keysweep.server.worker;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.stereotype.Component;

/**
 * Limits how many threads of this process the short work of one project occupies, such as deliveries to a receiver that
 * does not answer.
 *
 * <p>The long work, sweeps (each visits one primary), is not counted here: permits limit how many sweeps run. The short
 * work of all projects shares the remaining threads, and one project must not occupy all of them. Thread-safe.
 */
@Component
public class ProjectThreads {

    /** Number of threads for each project: half of the 8 threads that a worker has for short work. */
    private static final int THREADS_PER_PROJECT = 4;

    /** Number of threads in use, by project id; a project that uses none is not in the map. */
    private final Map<String, Integer> threadsInUse = new ConcurrentHashMap<>();

    /**
     * Counts the calling thread as a thread of a project, without waiting.
     *
     * @return true if the project had a free thread; the caller must then call {@link #giveBack} after the work. False
     *     if the project uses all of its threads; the work must then be done later
     */
    public boolean take(String projectId) {
        AtomicBoolean wasTaken = new AtomicBoolean();
        threadsInUse.compute(projectId, (id, count) -> {
            int threadsBefore = count == null ? 0 : count;
            wasTaken.set(threadsBefore < THREADS_PER_PROJECT);
            return wasTaken.get() ? threadsBefore + 1 : threadsBefore;
        });
        return wasTaken.get();
    }

    /** Stops counting a thread. Must be called once for each {@link #take} that returned true. */
    public void giveBack(String projectId) {
        threadsInUse.computeIfPresent(projectId, (id, count) -> count == 1 ? null : count - 1);
    }
}
