package io.keysweep.cli.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.progress.ProgressDisplay;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** Tests how a running sweep answers the requests that {@code keysweep sweeps} sends to its socket. */
final class LocalSweepTest {

    private final SweepControl control = new SweepControl();
    private final LocalSweep sweep = new LocalSweep(
            ProgressDisplay.silent(),
            control,
            "redis://h:6379",
            PacePolicy.GENTLE,
            Instant.parse("2026-01-01T00:00:00Z"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"withoutRateCeiling\":false} | verb is missing, must be status, pause",
                "{\"verb\":\"stop\",\"withoutRateCeiling\":false} | verb is 'stop', must be status, pause",
            })
    void answer_requestWithoutAKnownVerb_isRefusedWithTheRule(String request, String refusal) {
        SweepAnswerLine answer =
                sweep.answer(JsonMapper.shared().readValue(request, SweepRequestLine.class), /* by= */ "ann");

        assertThat(answer.status()).isNull();
        assertThat(answer.refusal()).startsWith(refusal);
    }

    @Test
    void answer_cancel_cancelsTheSweep() {
        assertThat(sweep.answer(SweepRequestLine.of("cancel", /* reason= */ null), "ann")
                        .refusal())
                .isNull();
        assertThat(control.cancelled()).isTrue();
    }
}
