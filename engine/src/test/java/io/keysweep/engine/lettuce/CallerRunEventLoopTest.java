package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.testkit.Waits;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Tests how the thread that waits for a reply runs the event loop of its connection. */
final class CallerRunEventLoopTest {

    @AutoClose
    private final CallerRunEventLoop loop = new CallerRunEventLoop();

    /** The result that the thread of the test waits for. */
    private final CompletableFuture<String> awaited = new CompletableFuture<>();

    @Test
    void runUntilDone_notCompleted_returnsFalseAfterTheDeadline() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20);
        assertThat(loop.runUntilDone(awaited, deadline)).isFalse();
        assertThat(System.nanoTime()).isGreaterThanOrEqualTo(deadline);
    }

    @Test
    void runUntilDone_deadlinePassedBefore_stillRunsPendingTasks() {
        loop.eventLoop().execute(() -> awaited.complete("answer"));
        assertThat(loop.runUntilDone(awaited, System.nanoTime() - 1)).isTrue();
    }

    @Test
    void runUntilDone_interrupted_keepsWaitingAndStaysInterrupted() {
        var unused = loop.eventLoop().schedule(() -> awaited.complete("answer"), 20, TimeUnit.MILLISECONDS);
        Thread.currentThread().interrupt();
        boolean done = loop.runUntilDone(awaited, System.nanoTime() + TimeUnit.MINUTES.toNanos(3));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(done).isTrue();
    }

    @Test
    void runUntilDone_interruptedWhileItWaitsForInput_staysInterrupted() throws InterruptedException {
        Thread waiting = Thread.currentThread();
        // The other thread interrupts the test's thread while it waits. When the test's thread has cleared its flag,
        // the other thread completes the result.
        Thread interrupter = Thread.ofPlatform().start(() -> {
            Waits.await("the wait for input").until(() -> isSelecting(waiting));
            waiting.interrupt();
            Waits.await("the interrupt is seen").until(() -> !waiting.isInterrupted());
            loop.eventLoop().execute(() -> awaited.complete("answer"));
        });
        boolean done = loop.runUntilDone(awaited, System.nanoTime() + TimeUnit.MINUTES.toNanos(3));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(done).isTrue();
        interrupter.join();
    }

    /** Returns whether a thread waits for input from the network. */
    private static boolean isSelecting(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().endsWith("SelectorImpl")
                        && frame.getMethodName().equals("select"));
    }
}
