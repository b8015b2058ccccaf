package io.keysweep.benchmarks.service;

import static io.keysweep.testkit.Waits.await;

import io.keysweep.testkit.ServiceProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;

/**
 * Controls one process of the service: waits for its start, ends it and starts it again.
 *
 * <p>Chaos runs inject faults, such as a kill. A fault first reserves the process, so the process suffers at most one
 * fault at a time. Safe to share between threads.
 */
public final class ServiceMember {

    /** The number of starts after which {@link #restart} gives up. */
    private static final int MAX_STARTS = 10;

    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);

    private final String name;
    private final ServiceProcess process;
    private final boolean listens;
    private final LongPredicate registered;
    private final ReentrantLock reserved = new ReentrantLock();
    private volatile boolean up;

    /**
     * Creates an object for a process that has been launched.
     *
     * @param name the name of the process in logs
     * @param listens whether the process answers HTTP requests, which a worker without the role {@code api} does not
     * @param registered returns whether the process with a given id has registered as a worker; used only if
     *     {@code listens} is false
     */
    ServiceMember(String name, ServiceProcess process, boolean listens, LongPredicate registered) {
        this.name = name;
        this.process = process;
        this.registered = registered;
        this.listens = listens;
    }

    /** Returns the name of the process in logs. */
    public String name() {
        return name;
    }

    /** Returns whether the process has started and has not been ended on purpose since. */
    public boolean up() {
        return up;
    }

    /** Returns the process. */
    public ServiceProcess process() {
        return process;
    }

    /** Waits until the process answers requests or, if it does not listen, has registered as a worker. */
    void awaitUp() {
        if (listens) {
            process.awaitListening();
        } else {
            await(name + " has registered as a worker").atMost(START_TIMEOUT).until(this::isRegistered);
        }
        up = true;
    }

    /** Returns whether the service has registered itself; throws an exception if it has ended. */
    private boolean isRegistered() {
        if (!process.alive()) {
            throw new IllegalStateException(name + " has ended");
        }
        return registered.test(process.pid());
    }

    /** Reserves the process for a fault; returns false if another thread has reserved it. */
    public boolean tryReserve() {
        return reserved.tryLock();
    }

    /** Ends the reservation; only the thread that reserved the process may call this. */
    public void release() {
        reserved.unlock();
    }

    /** Kills the process with SIGKILL; {@link #up} returns false from now on. */
    public void kill() throws InterruptedException, IOException {
        up = false;
        process.kill();
    }

    /**
     * Ends the process with SIGTERM, and waits for its end; {@link #up} returns false from now on.
     *
     * @throws IllegalStateException if the process exits with a different code than 0
     */
    public void terminate() throws InterruptedException {
        up = false;
        int exit = process.terminate();
        if (exit != 0) {
            throw new IllegalStateException(name + " exited with " + exit + " on SIGTERM");
        }
    }

    /**
     * Starts the process again and waits until it answers or has registered. If the process exits during its start, for
     * example because the database is down, this method starts it again, up to ten times, as a supervisor would. Does
     * nothing if the process is up.
     *
     * @throws IllegalStateException if the process exits during the last start
     */
    public void restart() throws IOException {
        for (int attempt = 1; !up; attempt++) {
            process.relaunch();
            try {
                awaitUp();
            } catch (IllegalStateException e) {
                if (process.alive() || attempt == MAX_STARTS) {
                    throw e;
                }
            }
        }
    }
}
