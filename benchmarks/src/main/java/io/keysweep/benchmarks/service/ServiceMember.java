package io.keysweep.benchmarks.service;

import io.keysweep.testkit.Await;
import io.keysweep.testkit.ServiceProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;

/** One process of the service, which one disturbance at a time may be made to. Safe to share. */
public final class ServiceMember {

    private static final int MOST_STARTS = 10;
    private static final Duration START = Duration.ofMinutes(3);

    private final String name;
    private final ServiceProcess process;
    private final boolean answers;
    private final LongPredicate shown;
    private final ReentrantLock disturbed = new ReentrantLock();
    private volatile boolean up;

    /** @param shown whether the process of that id has shown that it works, for one that answers no requests */
    ServiceMember(String name, ServiceProcess process, boolean answers, LongPredicate shown) {
        this.name = name;
        this.process = process;
        this.shown = shown;
        this.answers = answers;
    }

    /** What it is called in the log. */
    public String name() {
        return name;
    }

    /** Whether it should answer requests at present, as far as those who disturb it know. */
    public boolean up() {
        return up;
    }

    /** Its process. */
    public ServiceProcess process() {
        return process;
    }

    void awaitUp() {
        if (answers) {
            process.awaitListening();
        } else {
            Await.until(name + " works", START, this::worksOrHasEnded);
        }
        up = true;
    }

    private boolean worksOrHasEnded() {
        if (!process.alive()) {
            throw new IllegalStateException(name + " has ended");
        }
        return shown.test(process.pid());
    }

    /** Takes it for a disturbance; false if another is under way. */
    public boolean take() {
        return disturbed.tryLock();
    }

    /** Lets go of it, by the thread that took it. */
    public void letGo() {
        disturbed.unlock();
    }

    /** Ends it as {@code kill -9} does. */
    public void kill() throws InterruptedException, IOException {
        up = false;
        process.kill();
    }

    /** Has it end in order. */
    public void terminate() throws InterruptedException {
        up = false;
        int exit = process.terminate();
        if (exit != 0) {
            throw new IllegalStateException(name + " exited with " + exit + " on SIGTERM");
        }
    }

    /**
     * Starts it again, and waits until it listens if it does. One that ends by itself while it starts, as the database is
     * away, is started once more: so does what supervises it.
     */
    public void restart() throws IOException {
        for (int attempt = 1; !up; attempt++) {
            process.relaunch();
            try {
                awaitUp();
            } catch (IllegalStateException e) {
                if (process.alive() || attempt == MOST_STARTS) {
                    throw e;
                }
            }
        }
    }
}
