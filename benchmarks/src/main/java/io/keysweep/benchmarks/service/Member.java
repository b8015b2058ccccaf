package io.keysweep.benchmarks.service;

import io.keysweep.testkit.ServiceProcess;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/** One process of the service, which one disturbance at a time may be made to. Safe to share. */
public final class Member {

    private static final int MOST_STARTS = 10;

    /** A JVM's exit code on SIGTERM, before the service has come so far as to have one of its own. */
    private static final int STILL_STARTING = 143;

    private final String name;
    private final ServiceProcess process;
    private final boolean answers;
    private final ReentrantLock disturbed = new ReentrantLock();
    private volatile boolean up;

    Member(String name, ServiceProcess process, boolean answers) {
        this.name = name;
        this.process = process;
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
        }
        up = true;
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
        if (exit != 0 && exit != STILL_STARTING) {
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
