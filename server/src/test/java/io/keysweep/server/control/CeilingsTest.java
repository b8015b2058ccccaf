package io.keysweep.server.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.keysweep.engine.pacing.Limit;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.pacing.Signal;
import io.keysweep.server.control.Ceilings.Owned;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests the rules of ceilings, which limit the pace of scans.
 *
 * <p>The lowest ceiling of each field applies. It lowers a value that a request leaves out, and refuses a higher value
 * that a request contains.
 */
class CeilingsTest {

    private static final Ceilings CEILINGS = new Ceilings(
            List.of(
                    new Owned(
                            Phrase.of("the project"),
                            paceCeilings(Profile.BALANCED, /* maxShare= */ 0.3, /* maxRate= */ 5_000L)),
                    new Owned(
                            Phrase.of("the tag env=prod"),
                            paceCeilings(/* maxProfile= */ null, /* maxShare= */ 0.1, /* maxRate= */ null)),
                    new Owned(
                            Phrase.of("the instance"),
                            new CeilingValues(
                                    /* maxProfile= */ Profile.FULL,
                                    /* maxShare= */ 0.2,
                                    /* maxRate= */ 900L,
                                    /* namesStay= */ true,
                                    /* maxLatencyMs= */ 50.0,
                                    /* maxReplicaLag= */ 1_000L,
                                    /* maxEvictions= */ 10L,
                                    /* assist= */ null))),
            /* needsApproval= */ false);

    @Test
    void lower_ofAPaceAboveCeilings_takesTheLowestCeilingOfEachField() {
        PacePolicy lowered = CEILINGS.lower(PacePolicy.FULL);
        assertThat(lowered.stallBudget()).isEqualTo(PacePolicy.BALANCED.stallBudget());
        assertThat(lowered.shareCeiling()).isEqualTo(0.1);
        assertThat(lowered.rateCeiling()).hasValue(900);

        // The three thresholds of the latency keep the ratio that they have in the profile. The CPU limit is the limit
        // of the profile balanced.
        assertThat(lowered.limits().of(Signal.LATENCY))
                .isEqualTo(new Limit(/* soft= */ 1.25, /* hard= */ 50, /* critical= */ 250));
        assertThat(lowered.limits().of(Signal.REPLICA_LAG).hard()).isEqualTo(1_000);
        assertThat(lowered.limits().of(Signal.EVICTIONS).hard()).isEqualTo(10);
        assertThat(lowered.limits().of(Signal.CPU))
                .isEqualTo(PacePolicy.BALANCED.limits().of(Signal.CPU));
    }

    /** The timeline of a scan stores its ceilings as text. The latency ceiling is read from that text again. */
    @Test
    void latencyIn_textOfADescription_restoresTheLatencyCeiling() {
        assertThat(Ceilings.latencyIn(CEILINGS.description())
                        .lower(PacePolicy.FULL)
                        .limits()
                        .of(Signal.LATENCY))
                .isEqualTo(CEILINGS.lower(PacePolicy.FULL).limits().of(Signal.LATENCY));

        // A description without the field changes nothing, even if a tag contains its name.
        assertThat(Ceilings.latencyIn("none").lower(PacePolicy.FULL)).isEqualTo(PacePolicy.FULL);
        assertThat(Ceilings.latencyIn("maxShare 0.1 (the tag team=maxLatencyMs 5)")
                        .lower(PacePolicy.FULL))
                .isEqualTo(PacePolicy.FULL);
    }

    @Test
    void lower_ofAPaceBelowCeilings_returnsTheSamePace() {
        Ceilings high = new Ceilings(
                List.of(new Owned(
                        Phrase.of("the project"),
                        new CeilingValues(
                                /* maxProfile= */ Profile.FULL,
                                /* maxShare= */ 1.0,
                                /* maxRate= */ 1_000_000L,
                                /* namesStay= */ false,
                                /* maxLatencyMs= */ 5_000.0,
                                /* maxReplicaLag= */ 1L << 40,
                                /* maxEvictions= */ null,
                                /* assist= */ null))),
                /* needsApproval= */ false);
        PacePolicy pace = PacePolicy.GENTLE.withRateCeiling(100);

        assertThat(high.lower(pace)).isEqualTo(pace);
        assertThat(Ceilings.NONE.lower(PacePolicy.FULL)).isEqualTo(PacePolicy.FULL);
        assertThat(high.namesStay()).isFalse();
    }

    @Test
    void namesStay_isTrue_ifOneOwnerDemandsIt() {
        assertThat(CEILINGS.namesStay()).isTrue();
        assertThat(Ceilings.NONE.namesStay()).isFalse();
    }

    @Test
    void requireWithin_valuesAboveCeilings_namesFieldValueCeilingAndOwner() {
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> CEILINGS.requireWithin(new PaceChange(
                        Profile.FULL,
                        Duration.ofMillis(3),
                        /* share= */ 1.0,
                        /* rateCeiling= */ 901L,
                        /* withoutRateCeiling= */ false)))
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

        // A pace without a rate ceiling is above any rate ceiling.
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> CEILINGS.requireWithin(changeOfRateCeiling(/* withoutRateCeiling= */ true)))
                .withMessageContaining("rateCeiling is 'null', must be at most 900 (maxRate of the instance).");
    }

    @Test
    void requireWithin_valuesAtCeilingsOrWithoutCeilings_isAllowed() {
        CEILINGS.requireWithin(new PaceChange(
                Profile.BALANCED,
                Duration.ofMillis(2),
                /* share= */ 0.1,
                /* rateCeiling= */ 900L,
                /* withoutRateCeiling= */ false));
        CEILINGS.requireWithin(changeOfRateCeiling(/* withoutRateCeiling= */ false));
        Ceilings.NONE.requireWithin(new PaceChange(
                Profile.FULL,
                Duration.ofSeconds(1),
                /* share= */ 1.0,
                /* rateCeiling= */ null,
                /* withoutRateCeiling= */ true));
    }

    @Test
    void requireWithin_shareAboveTheHighestProfile_isRefused() {
        Ceilings gentle = new Ceilings(
                List.of(new Owned(
                        Phrase.of("the project"),
                        paceCeilings(Profile.GENTLE, /* maxShare= */ null, /* maxRate= */ null))),
                /* needsApproval= */ false);

        // The profile gentle has the share 0.25. No ceiling of the share is set.
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> gentle.requireWithin(PaceChange.ofShare(0.3)))
                .withMessageContaining("share is '0.3', must be at most 0.25 (maxProfile of the project).");
    }

    @Test
    void forApproved_ofCeilingsOfAllKinds_removesTheLimitsOfThePaceOnly() {
        PacePolicy lowered = CEILINGS.forApproved().lower(PacePolicy.FULL);
        assertThat(lowered.stallBudget()).isEqualTo(PacePolicy.FULL.stallBudget());
        assertThat(lowered.shareCeiling()).isEqualTo(1);
        assertThat(lowered.rateCeiling()).isEmpty();
        assertThat(lowered.limits().of(Signal.LATENCY).hard()).isEqualTo(50);
        assertThat(CEILINGS.forApproved().namesStay()).isTrue();
    }

    @Test
    void lower_withMaxEvictionsAboveTheSoftLimit_addsAHardLimitAndKeepsTheSoftOne() {
        // By the gentle limits, more than 1,000 evictions a second slow a sweep down, but do not hold it.
        CeilingValues ceiling = new CeilingValues(
                /* maxProfile= */ null,
                /* maxShare= */ null,
                /* maxRate= */ null,
                /* namesStay= */ false,
                /* maxLatencyMs= */ null,
                /* maxReplicaLag= */ null,
                /* maxEvictions= */ 10_000L,
                /* assist= */ null);

        assertThat(ceiling.lower(PacePolicy.GENTLE).limits().of(Signal.EVICTIONS))
                .isEqualTo(new Limit(/* soft= */ 1_000, /* hard= */ 10_000, Limit.OFF));
    }

    @Test
    void description_ofCeilings_listsTheStrictestOnesWithTheirOwners() {
        assertThat(CEILINGS.description())
                .isEqualTo("maxProfile balanced (the project), maxShare 0.1 (the tag env=prod), maxRate 900 (the"
                        + " instance), namesStay true (the instance), maxLatencyMs 50.0 (the instance),"
                        + " maxReplicaLagBytes 1000 (the instance), maxEvictions 10 (the instance)");
        assertThat(Ceilings.NONE.description()).isEmpty();
    }

    /** Returns combinations of the rules of project, tag and instance about assist, each with its result. */
    static Stream<Arguments> assistRules() {
        return Stream.of(
                // the rule of the project, of a tag and of the instance (null for no rule), whether assist is allowed
                arguments(null, null, null, false),
                arguments(null, null, true, true),
                arguments(null, null, false, false),
                arguments(true, null, null, true),
                arguments(true, null, false, false),
                arguments(true, false, true, false),
                arguments(false, true, true, false),
                arguments(null, false, true, false));
    }

    /** Assist is allowed if at least one rule allows it, and no rule forbids it. */
    @ParameterizedTest
    @MethodSource("assistRules")
    void allowAssist_isTrue_ifARuleAllowsIt_andNoRuleForbidsIt(
            @Nullable Boolean project, @Nullable Boolean tag, @Nullable Boolean instance, boolean allowed) {
        assertThat(assist(project, tag).allowAssist(instance)).isEqualTo(allowed);
    }

    @Test
    void requireAssistAllowed_assistThatARuleForbids_namesTheOwnerOfTheRule() {
        Ceilings noRules = assist(/* project= */ null, /* tag= */ null);
        Ceilings forbiddenByTag = assist(/* project= */ null, /* tag= */ false);

        assertThatThrownBy(() -> noRules.requireAssistAllowed(AssistMode.BEFORE, /* ofInstance= */ null))
                .hasMessageContaining(
                        "assist is 'before', must be none, because the setting assist of the instance does not allow"
                                + " it.");
        assertThatThrownBy(() -> forbiddenByTag.requireAssistAllowed(AssistMode.ONLY, /* ofInstance= */ true))
                .hasMessageContaining("assist is 'only', must be none, because assist of the tag t forbids it.");

        // A scan without assist is always allowed, and so is assist that the instance allows.
        assertThatCode(() -> {
                    noRules.requireAssistAllowed(AssistMode.NONE, /* ofInstance= */ null);
                    noRules.requireAssistAllowed(/* requested= */ null, /* ofInstance= */ null);
                    noRules.requireAssistAllowed(AssistMode.ONLY, /* ofInstance= */ true);
                })
                .doesNotThrowAnyException();
    }

    @Test
    void forApproved_ofCeilingsThatForbidAssist_stillForbidsAssist() {
        assertThat(assist(/* project= */ false, /* tag= */ null).forApproved().allowAssist(/* ofInstance= */ true))
                .isFalse();
    }

    /** Returns a change that only keeps or removes the rate ceiling. */
    private static PaceChange changeOfRateCeiling(boolean withoutRateCeiling) {
        return new PaceChange(
                /* profile= */ null,
                /* stallBudget= */ null,
                /* share= */ null,
                /* rateCeiling= */ null,
                withoutRateCeiling);
    }

    /** Returns the ceilings of a project and a tag that allow or forbid assist; null for no rule. */
    private static Ceilings assist(@Nullable Boolean project, @Nullable Boolean tag) {
        return new Ceilings(
                List.of(
                        new Owned(Phrase.of("the project"), assistOnly(project)),
                        new Owned(Phrase.of("the tag t"), assistOnly(tag))),
                /* needsApproval= */ false);
    }

    private static CeilingValues assistOnly(@Nullable Boolean assist) {
        return new CeilingValues(
                /* maxProfile= */ null,
                /* maxShare= */ null,
                /* maxRate= */ null,
                /* namesStay= */ false,
                /* maxLatencyMs= */ null,
                /* maxReplicaLag= */ null,
                /* maxEvictions= */ null,
                assist);
    }

    /** Returns ceilings that limit only the pace. */
    private static CeilingValues paceCeilings(
            @Nullable Profile maxProfile, @Nullable Double maxShare, @Nullable Long maxRate) {
        return new CeilingValues(
                maxProfile,
                maxShare,
                maxRate,
                /* namesStay= */ false,
                /* maxLatencyMs= */ null,
                /* maxReplicaLag= */ null,
                /* maxEvictions= */ null,
                /* assist= */ null);
    }
}
