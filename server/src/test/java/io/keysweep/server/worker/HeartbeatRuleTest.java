package io.keysweep.server.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ClassPathResource;

/**
 * Tests that a process is treated as dead after four missed heartbeats. The settings of db-scheduler, which runs the
 * sweeps, must have the same limit.
 */
final class HeartbeatRuleTest {

    private static final Instant BEAT = Instant.parse("2026-11-24T12:00:00Z");
    private static final Duration EVERY_FIVE_SECONDS = Duration.ofSeconds(5);

    @Test
    void process_isAlive_untilItHasMissedFourHeartbeats() {
        assertThat(HeartbeatRule.isAlive(BEAT, EVERY_FIVE_SECONDS, BEAT.plusMillis(19_999)))
                .isTrue();
        assertThat(HeartbeatRule.isAlive(BEAT, EVERY_FIVE_SECONDS, BEAT.plusSeconds(20)))
                .isFalse();
    }

    @Test
    void limit_equalsTheLimitInTheSettingsOfDbScheduler() {
        YamlPropertiesFactoryBean settings = new YamlPropertiesFactoryBean();
        settings.setResources(new ClassPathResource("application.yaml"));

        assertThat(Objects.requireNonNull(settings.getObject()).getProperty("db-scheduler.missed-heartbeats-limit"))
                .isEqualTo(String.valueOf(HeartbeatRule.MAX_MISSED_HEARTBEATS));
    }
}
