package io.keysweep.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Sends POSIX signals such as {@code STOP}, for which {@link Process} has no method. */
final class Signals {

    private Signals() {}

    /**
     * Sends a signal to a process through the {@code kill} command.
     *
     * @param signal the name of the signal without {@code SIG}, for example {@code STOP}
     * @param pid the id of the process
     * @throws IllegalStateException if {@code kill} fails, or if this thread is interrupted
     * @throws UncheckedIOException if {@code kill} cannot be started
     */
    static void send(String signal, long pid) {
        try {
            int exit = new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("kill -" + signal + " " + pid + " exited with " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
