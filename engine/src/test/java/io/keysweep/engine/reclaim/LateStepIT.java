package io.keysweep.engine.reclaim;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.plan.Segmentation;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests on each supported server that a script which starts later than its request allows does nothing. */
class LateStepIT {

    static Stream<RedisVersion> versions() {
        return RedisVersion.supported().stream();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void script_startedTooLate_doesNothing(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.frozen(client).plant(0, 50, 50);
            assertThat(step(client, micros(client) - 1).getFirst()).isEqualTo("late");
            assertThat(keys.size(0)).isEqualTo(100);
            assertThat(step(client, micros(client) + 60_000_000)).startsWith("0", 50L, 50L);
            assertThat(keys.size(0)).isEqualTo(50);
        }
    }

    private static List<Object> step(RespClient client, long notAfterMicros) {
        StepRequest request =
                new StepRequest(0, new Segmentation.Sequential(), 1_000, Duration.ofSeconds(1), notAfterMicros);
        List<String> words = new ScriptStep().commands(request).getFirst().words();
        return new ArrayList<>((List<?>) Objects.requireNonNull(client.call(words.toArray(String[]::new))));
    }

    private static long micros(RespClient client) {
        List<?> time = (List<?>) Objects.requireNonNull(client.call("TIME"));
        return Long.parseLong((String) time.get(0)) * 1_000_000 + Long.parseLong((String) time.get(1));
    }
}
