package io.keysweep.server.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the trace of a scan is the same after it was stored as a text and read back. */
final class ScanTraceTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";

    @Test
    void parse_ofTheTextOfATrace_isTheSameTrace() {
        ScanTrace root = new ScanTrace(TRACE, SPAN, /* parentSpanId= */ null);
        ScanTrace child = new ScanTrace(TRACE, SPAN, "0000000000000001");

        assertThat(ScanTrace.parse(root.text())).isEqualTo(root);
        assertThat(ScanTrace.parse(child.text())).isEqualTo(child);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "t", TRACE, TRACE + "-" + SPAN + "-", TRACE + "-" + "00F067AA0BA902B7"})
    void parse_ofAnotherText_isNull(String text) {
        assertThat(ScanTrace.parse(text)).isNull();
    }
}
