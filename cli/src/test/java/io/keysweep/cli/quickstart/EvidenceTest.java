package io.keysweep.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Tests how the quickstart decides whether the scan has reclaimed what it should have. */
final class EvidenceTest {

    private static final DemoKeys KEYS = new DemoKeys("demo:", /* persistent= */ 200, /* expiring= */ 100);

    @Test
    void faults_everyPlantedKeyReclaimed_areNone() {
        Evidence evidence = own(/* reclaimed= */ 100, /* size= */ 200, /* persistentLeft= */ 200, /* deadLeft= */ 0);
        assertThat(evidence.faults()).isEmpty();
        assertThat(evidence.remark()).isNull();
    }

    @Test
    void faults_ownServerOneTooFewOrTooMany_areReported() {
        assertThat(own(/* reclaimed= */ 99, /* size= */ 201, /* persistentLeft= */ 200, /* deadLeft= */ 1)
                        .faults())
                .containsExactly(
                        "1 of the expired keys were still in memory",
                        "the server holds 201 keys, should hold 200",
                        "planted 100 expired keys, reclaimed 99");
        assertThat(own(/* reclaimed= */ 101, /* size= */ 199, /* persistentLeft= */ 199, /* deadLeft= */ 0)
                        .faults())
                .contains("1 of the persistent keys no longer exist", "planted 100 expired keys, reclaimed 101");
    }

    @Test
    void faults_failedScan_haveItsReason() {
        Evidence evidence = new Evidence(
                /* ownServer= */ true,
                /* expiryOff= */ true,
                KEYS,
                "failed",
                "server unreachable",
                /* reclaimed= */ 0,
                /* dcsReclaimed= */ 0,
                /* size= */ 300,
                /* persistentLeft= */ 200,
                /* deadLeft= */ 100);

        assertThat(evidence.faults()).contains("the scan ended as failed: server unreachable");
    }

    @Test
    void faults_apisThatDisagree_areReported() {
        Evidence evidence = new Evidence(
                /* ownServer= */ true,
                /* expiryOff= */ true,
                KEYS,
                "success",
                /* failure= */ null,
                /* reclaimed= */ 100,
                /* dcsReclaimed= */ 98,
                /* size= */ 200,
                /* persistentLeft= */ 200,
                /* deadLeft= */ 0);

        assertThat(evidence.faults()).containsExactly("the DCS API reports 98 reclaimed keys, the native API 100");
    }

    @Test
    void remark_givenServerWithOtherDeadKeys_explainsTheDifference() {
        Evidence evidence = given(/* expiryOff= */ true, /* reclaimed= */ 130);

        assertThat(evidence.faults()).isEmpty();
        assertThat(evidence.remark()).startsWith("At least 30 more than planted");
    }

    @Test
    void remark_givenServerThatExpiresByItself_explainsTheDifference() {
        Evidence evidence = given(/* expiryOff= */ false, /* reclaimed= */ 60);

        assertThat(evidence.faults()).isEmpty();
        assertThat(evidence.remark()).contains("removed the other 40 first.");
    }

    @Test
    void faults_givenServerWithExpiryOffAndTooFewReclaimed_areReported() {
        assertThat(given(/* expiryOff= */ true, /* reclaimed= */ 60).faults())
                .containsExactly("planted 100 expired keys, reclaimed 60");
    }

    /** Returns what was found after a scan of the quickstart's own server. */
    private static Evidence own(long reclaimed, long size, long persistentLeft, long deadLeft) {
        return new Evidence(
                /* ownServer= */ true,
                /* expiryOff= */ true,
                KEYS,
                "success",
                /* failure= */ null,
                reclaimed,
                /* dcsReclaimed= */ reclaimed,
                size,
                persistentLeft,
                deadLeft);
    }

    /** Returns what was found after a scan of a server that the user has given, and that has 5,000 keys. */
    private static Evidence given(boolean expiryOff, long reclaimed) {
        return new Evidence(
                /* ownServer= */ false,
                expiryOff,
                KEYS,
                "success",
                /* failure= */ null,
                reclaimed,
                /* dcsReclaimed= */ reclaimed,
                /* size= */ 5_000,
                /* persistentLeft= */ 200,
                /* deadLeft= */ 0);
    }
}
