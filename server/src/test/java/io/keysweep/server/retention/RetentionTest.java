package io.keysweep.server.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.config.SettingsLoader;
import io.keysweep.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.TransientDataAccessResourceException;

/** Tests that retention continues with the other features if the rule of one feature fails. */
final class RetentionTest {

    @TempDir
    private Path home;

    @Test
    void run_withARuleThatFails_appliesTheOthersAndLaterTheRule() {
        FlakyRule flaky = new FlakyRule();
        Retention retention = new Retention(
                List.of(flaky, new SteadyRule()),
                SettingsLoader.load(List.of(), Map.of("KEYSWEEP_HOME", home.toString())),
                new ManualClock());

        assertThat(retention.run()).isEqualTo(Map.of("starts", 2));

        flaky.fails = false;
        assertThat(retention.run()).isEqualTo(Map.of("scans", 1, "starts", 2));
    }

    /** Throws an exception until {@code fails} is false. */
    private static final class FlakyRule implements RetentionRule {

        private boolean fails = true;

        @Override
        public String subject() {
            return "scans";
        }

        @Override
        public int purge(Instant before, int maxPerInstance) {
            if (fails) {
                throw new TransientDataAccessResourceException("the connection broke");
            }
            return 1;
        }
    }

    /** Deletes two records in each run. */
    private static final class SteadyRule implements RetentionRule {

        @Override
        public String subject() {
            return "starts";
        }

        @Override
        public int purge(Instant before, int maxPerInstance) {
            return 2;
        }
    }
}
