package io.keysweep.server.scan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Tests which state of a scan can follow another, and the names of states in the APIs. */
class ScanStateTest {

    @Test
    void next_ofEachState_hasTheAllowedStates() {
        assertThat(ScanState.WAITING.next()).containsExactlyInAnyOrder(ScanState.RUNNING, ScanState.FAILED);
        assertThat(ScanState.RUNNING.next()).containsExactlyInAnyOrder(ScanState.SUCCESS, ScanState.FAILED);
        assertThat(ScanState.SUCCESS.next()).isEmpty();
        assertThat(ScanState.FAILED.next()).isEmpty();
    }

    @Test
    void ofWireName_ofAnotherCaseOrAnUnknownName_isNone() {
        assertThat(ScanState.ofWireName("running")).contains(ScanState.RUNNING);
        assertThat(ScanState.ofWireName("Running")).isEmpty();
        assertThat(ScanState.ofWireName("paused")).isEmpty();
    }
}
