package io.keysweep.server.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.assist.BacklogLimit;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Tests how the backlog limit of a scan becomes the limit of one primary.
 *
 * <p>The backlog is the number of dead keys. Assist (raises server settings for a while, so that the server itself
 * removes more expired keys) continues while the backlog is below the limit.
 */
final class AssistPhaseTest {

    @Test
    void backlogLimit_ofSeveralPrimaries_isAnEqualPartForHalfAnHour() {
        assertThat(AssistPhase.backlogLimit(/* limitOfScan= */ 45_000, /* primaries= */ 3, Duration.ofHours(4)))
                .isEqualTo(new BacklogLimit(/* deadKeys= */ 15_000, Duration.ofMinutes(30)));
    }

    @Test
    void backlogLimit_ofAShortTimeout_leavesHalfOfTheTimeToTheSweep() {
        assertThat(AssistPhase.backlogLimit(/* limitOfScan= */ 45_000, /* primaries= */ 1, Duration.ofMinutes(10)))
                .isEqualTo(new BacklogLimit(/* deadKeys= */ 45_000, Duration.ofMinutes(5)));
    }

    @Test
    void backlogLimit_ofMorePrimariesThanKeys_isOneKey() {
        assertThat(AssistPhase.backlogLimit(/* limitOfScan= */ 2, /* primaries= */ 3, Duration.ofHours(4)))
                .isEqualTo(new BacklogLimit(/* deadKeys= */ 1, Duration.ofMinutes(30)));
    }

    @Test
    void backlogLimit_withoutTimeLeft_isNone() {
        assertThat(AssistPhase.backlogLimit(/* limitOfScan= */ 45_000, /* primaries= */ 1, Duration.ZERO))
                .isNull();
        assertThat(AssistPhase.backlogLimit(/* limitOfScan= */ 45_000, /* primaries= */ 1, Duration.ofSeconds(-5)))
                .isNull();
    }
}
