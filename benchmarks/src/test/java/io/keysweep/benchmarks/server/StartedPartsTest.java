package io.keysweep.benchmarks.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that everything that was started is closed once, also if one part cannot be closed. */
final class StartedPartsTest {

    private final StartedParts parts = new StartedParts();
    private final List<String> closed = new ArrayList<>();

    @Test
    void close_calledTwice_closesEachPartOnceInReverseOrder() {
        parts.add(() -> closed.add("server"));
        parts.add(() -> closed.add("replica"));

        parts.close();
        parts.close();

        assertThat(closed).containsExactly("replica", "server");
    }

    @Test
    void close_partThatCannotBeClosed_closesTheOthersAndThrows() {
        parts.add(() -> closed.add("server"));
        IOException problem = new IOException("the folder is in use");
        parts.add(() -> {
            throw problem;
        });

        assertThatThrownBy(parts::close)
                .isInstanceOf(IllegalStateException.class)
                .hasSuppressedException(problem);
        assertThat(closed).containsExactly("server");
    }

    @Test
    void closeAfter_partThatCannotBeClosed_addsItsProblemToTheFailure() {
        IllegalStateException failure = new IllegalStateException("the replica does not start");
        IllegalStateException problem = new IllegalStateException("the folder is in use");
        parts.add(() -> closed.add("server"));
        parts.add(() -> {
            throw problem;
        });

        parts.closeAfter(failure);

        assertThat(failure.getSuppressed()).containsExactly(problem);
        assertThat(closed).containsExactly("server");
    }
}
