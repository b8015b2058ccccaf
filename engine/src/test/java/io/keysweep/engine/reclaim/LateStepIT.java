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

/** Tests on each supported server that the script of a step does nothing if it starts too late or outside its turn. */
class LateStepIT {

    /** A time that is longer than any test takes: ten minutes, in µs. */
    private static final long TEN_MINUTES_MICROS = 600_000_000;

    /** The position of the time at which a step started, in the reply of its script. */
    private static final int START_TIME_INDEX = 4;

    static Stream<RedisVersion> versions() {
        return RedisVersion.supported().stream();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void script_startedTooLate_doesNothing(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 50, /* dead= */ 50);

            assertThat(step(client, serverMicros(client) - 1).getFirst()).isEqualTo("late");
            assertThat(keys.size(0)).isEqualTo(100);

            assertThat(step(client, serverMicros(client) + TEN_MINUTES_MICROS))
                    .startsWith("0", 50L, 50L)
                    .as("a step without a turn does not report its start, which would only cost bytes")
                    .hasSize(4);
            assertThat(keys.size(0)).isEqualTo(50);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void script_startedOutsideItsTurn_doesNothingAndReportsTheTime(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 50, /* dead= */ 50);
            long now = serverMicros(client);
            long later = now + TEN_MINUTES_MICROS;

            List<Object> earlyReply = step(client, later, new StepTurn(later - 1, later));
            assertThat(earlyReply).startsWith("missed");
            assertThat((Long) earlyReply.get(START_TIME_INDEX)).isBetween(now, later);
            assertThat(step(client, later, new StepTurn(now - 2, now - 1))).startsWith("missed");
            assertThat(keys.size(0)).isEqualTo(100);

            List<Object> replyInTurn = step(client, later, new StepTurn(now, later));
            assertThat(replyInTurn).startsWith("0", 50L, 50L);
            assertThat((Long) replyInTurn.get(START_TIME_INDEX)).isBetween(now, later);
            assertThat(keys.size(0)).isEqualTo(50);

            List<Object> replyAtAnyTime = step(client, later, StepTurn.ANY_TIME_REPORTED);
            assertThat((Long) replyAtAnyTime.get(START_TIME_INDEX)).isBetween(now, later);
        }
    }

    /** Runs a step that may start until a time by the server's clock, and returns the reply of its script. */
    private static List<Object> step(RespClient client, long notAfterMicros) {
        return step(client, notAfterMicros, StepTurn.ANY_TIME);
    }

    /** Runs a step that may start in its turn only, and until a time by the server's clock; returns the reply. */
    private static List<Object> step(RespClient client, long notAfterMicros, StepTurn turn) {
        StepRequest request = new StepRequest(
                /* cursor= */ 0,
                new Segmentation.Sequential(),
                /* count= */ 1_000,
                /* timeLimit= */ Duration.ofSeconds(1),
                notAfterMicros,
                turn);
        List<String> words = new ScriptStep().commands(request).getFirst().words();
        return new ArrayList<>((List<?>) Objects.requireNonNull(client.call(words.toArray(String[]::new))));
    }

    /** Returns the time by the server's clock, µs since 1970. */
    private static long serverMicros(RespClient client) {
        List<?> time = (List<?>) Objects.requireNonNull(client.call("TIME"));
        return Long.parseLong((String) time.get(0)) * 1_000_000 + Long.parseLong((String) time.get(1));
    }
}
