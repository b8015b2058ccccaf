package io.keysweep.server.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.pacing.Limit;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.pacing.Signal;
import io.keysweep.server.control.Ceilings.Owned;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.RequestRefusedException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests that the tightest ceiling of each field counts, lowers what is left open and refuses what is asked for. */
class CeilingsTest {

    private static final Ceilings CEILINGS = new Ceilings(
            List.of(
                    new Owned("the project", values(Profile.BALANCED, 0.3, 5_000L)),
                    new Owned("the tag env=prod", values(null, 0.1, null)),
                    new Owned("the instance", new CeilingValues(Profile.FULL, 0.2, 900L, true, 50.0, 1_000L, 10L))),
            false);

    @Test
    void lower_paceAboveCeilings_takesTheTightestOfEachField() {
        PacePolicy lowered = CEILINGS.lower(PacePolicy.FULL);
        assertThat(lowered.stallBudget()).isEqualTo(PacePolicy.BALANCED.stallBudget());
        assertThat(lowered.shareCeiling()).isEqualTo(0.1);
        assertThat(lowered.rateCeiling()).hasValue(900);
        // The ratio of the three thresholds is that of the profile; the lower profile brings the CPU limit.
        assertThat(lowered.limits().of(Signal.LATENCY)).isEqualTo(new Limit(1.25, 50, 250));
        assertThat(lowered.limits().of(Signal.REPLICA_LAG).hard()).isEqualTo(1_000);
        assertThat(lowered.limits().of(Signal.EVICTIONS).hard()).isEqualTo(10);
        assertThat(lowered.limits().of(Signal.CPU))
                .isEqualTo(PacePolicy.BALANCED.limits().of(Signal.CPU));
    }

    @Test
    void lower_paceBelowCeilings_staysAsItIs() {
        Ceilings high = new Ceilings(
                List.of(new Owned(
                        "the project",
                        new CeilingValues(Profile.FULL, 1.0, 1_000_000L, false, 5_000.0, 1L << 40, null))),
                false);
        PacePolicy pace = PacePolicy.GENTLE.withRateCeiling(100);
        assertThat(high.lower(pace)).isEqualTo(pace);
        assertThat(Ceilings.NONE.lower(PacePolicy.FULL)).isEqualTo(PacePolicy.FULL);
        assertThat(high.namesStay()).isFalse();
        assertThat(CEILINGS.namesStay()).isTrue();
    }

    @Test
    void require_valuesAboveCeilings_namesFieldValueCeilingAndOwner() {
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> CEILINGS.require(
                        new PaceChange(Profile.FULL, Duration.ofMillis(3), 1.0, 901L, /* withoutRateCeiling= */ false)))
                .satisfies(refusal -> {
                    assertThat(refusal.code()).isEqualTo(ErrorCode.ABOVE_CEILING);
                    assertThat(refusal.problems())
                            .extracting(FieldProblem::sentence)
                            .containsExactly(
                                    "profile is 'full', must be at most balanced (maxProfile of the project).",
                                    "stallBudgetMs is '3.0', must be at most 2.0 (maxProfile of the project).",
                                    "share is '1.0', must be at most 0.1 (maxShare of the tag env=prod).",
                                    "rateCeiling is '901', must be at most 900 (maxRate of the instance).");
                });
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> CEILINGS.require(new PaceChange(null, null, null, null, true)))
                .withMessageContaining("rateCeiling is 'null', must be at most 900 (maxRate of the instance).");
    }

    @Test
    void require_valuesAtCeilings_orNoCeilings_isAllowed() {
        CEILINGS.require(new PaceChange(Profile.BALANCED, Duration.ofMillis(2), 0.1, 900L, false));
        CEILINGS.require(new PaceChange(null, null, null, null, false));
        Ceilings.NONE.require(new PaceChange(Profile.FULL, Duration.ofSeconds(1), 1.0, null, true));
    }

    @Test
    void require_shareAboveTheProfileAlone_isRefusedByTheProfile() {
        Ceilings gentle = new Ceilings(List.of(new Owned("the project", values(Profile.GENTLE, null, null))), false);
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> gentle.require(PaceChange.ofShare(0.3)))
                .withMessageContaining("share is '0.3', must be at most 0.25 (maxProfile of the project).");
    }

    @Test
    void forApproved_liftsThePaceAlone() {
        PacePolicy lowered = CEILINGS.forApproved().lower(PacePolicy.FULL);
        assertThat(lowered.stallBudget()).isEqualTo(PacePolicy.FULL.stallBudget());
        assertThat(lowered.shareCeiling()).isEqualTo(1);
        assertThat(lowered.rateCeiling()).isEmpty();
        assertThat(lowered.limits().of(Signal.LATENCY).hard()).isEqualTo(50);
        assertThat(CEILINGS.forApproved().namesStay()).isTrue();
    }

    @Test
    void lower_evictionsAboveTheSoftLimit_raisesNoThreshold() {
        // The gentle limits slow a sweep down above 1,000 evictions a second, and never hold it for them.
        CeilingValues ceiling = new CeilingValues(null, null, null, false, null, null, 10_000L);
        assertThat(ceiling.lower(PacePolicy.GENTLE).limits().of(Signal.EVICTIONS))
                .isEqualTo(new Limit(1_000, 10_000, Limit.OFF));
    }

    @Test
    void description_listsTheTightestWithTheirOwners() {
        assertThat(CEILINGS.description())
                .isEqualTo("maxProfile balanced (the project), maxShare 0.1 (the tag env=prod), maxRate 900 (the"
                        + " instance), namesStay true (the instance), maxLatencyMs 50.0 (the instance),"
                        + " maxReplicaLagBytes 1000 (the instance), maxEvictions 10 (the instance)");
        assertThat(Ceilings.NONE.description()).isEmpty();
    }

    private static CeilingValues values(
            @Nullable Profile maxProfile, @Nullable Double maxShare, @Nullable Long maxRate) {
        return new CeilingValues(maxProfile, maxShare, maxRate, false, null, null, null);
    }
}
