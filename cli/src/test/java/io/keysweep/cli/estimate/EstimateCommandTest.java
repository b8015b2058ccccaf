package io.keysweep.cli.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.DocumentedFields;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import io.keysweep.engine.insight.PictureRequest;
import io.keysweep.engine.insight.PrefixRequest;
import io.keysweep.engine.topology.NodeRefusedException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Tests the options, the text, the JSON and the exit codes of {@code keysweep estimate}, without a server. */
final class EstimateCommandTest {

    private final TestShell shell = new TestShell();
    private final FakeEstimator estimator = new FakeEstimator();

    @Test
    void request_withoutOptions_allowsNothing() {
        assertThat(run("redis://h")).isZero();

        assertThat(estimator.request().exact()).isFalse();
        assertThat(estimator.request().samplePrimary()).isFalse();
        assertThat(estimator.closed).isTrue();
    }

    @Test
    void request_withEveryOption_carriesThem() {
        run("--exact", "--sample-primary", "--username=app", "--password=secret", "redis://h");

        assertThat(estimator.request().exact()).isTrue();
        assertThat(estimator.request().samplePrimary()).isTrue();
        assertThat(estimator.request().deployment().access().credentials().username())
                .isEqualTo("app");
    }

    @Test
    void text_sample_hasTheIntervalAndHowBytesWereEstimated() {
        run("redis://h");

        assertThat(shell.out()).isEqualTo("""
            Backlog of h:6379, sampled on replica r:6380 (Redis 7.0.15).
              dead keys  about 400,000, with 95 % certainty from 390,000 to 410,000
              share      80.0 % of 500,000 keys with a TTL (10,000,000 keys in all)
              memory     about 1.0 MiB (dead keys x used_memory_dataset / keys)
              sample     50,000 keys in 100 calls; no key was removed
              a sweep    about 1 min 12 s (gentle), 36 s (balanced), 18 s (full)
            """);
    }

    @Test
    void json_sample_isOneLineInAFixedOrder() {
        run("--json", "redis://h");

        String fields = "\"nodeId\":\"h:6379\",\"countedOn\":\"r:6380\",\"method\":\"REPLICA_SAMPLE\","
                + "\"keys\":10000000,\"volatileKeys\":500000,\"dead\":400000,\"lowest\":390000,"
                + "\"highest\":410000,\"shareOfVolatile\":0.8,\"exact\":false,\"sampledKeys\":50000,"
                + "\"calls\":100,\"reclaimed\":0,\"deadBytes\":1048576,"
                + "\"sweepSeconds\":{\"gentle\":72.0,\"balanced\":36.0,\"full\":18.0}";
        assertThat(shell.out())
                .isEqualTo("{\"formatVersion\":1,\"command\":\"estimate\",\"label\":\"h:6379\","
                        + "\"total\":{\"keys\":10000000,"
                        + "\"volatileKeys\":500000,\"dead\":400000,\"lowest\":390000,\"highest\":410000,"
                        + "\"shareOfVolatile\":0.8,\"exact\":false,\"deadBytes\":1048576,"
                        + "\"sweepSeconds\":{\"gentle\":72.0,\"balanced\":36.0,\"full\":18.0}},"
                        + "\"nodes\":[{" + fields + "}],\"refused\":[]}"
                        + System.lineSeparator());
    }

    @Test
    void text_cluster_endsWithTheSum() {
        estimator.primaries = 2;
        run("redis-cluster://h");

        assertThat(shell.out()).endsWith("""
            All 2 primaries together.
              dead keys  about 800,000, with 95 % certainty from 785,858 to 814,142
              share      80.0 % of 1,000,000 keys with a TTL (20,000,000 keys in all)
              memory     about 2.0 MiB (dead keys x used_memory_dataset / keys)
              a sweep    about 2 min 24 s (gentle), 1 min 12 s (balanced), 36 s (full), one primary after the other
            """);
    }

    @Test
    void json_cluster_hasTheSum() {
        estimator.primaries = 2;
        run("--json", "redis-cluster://h");

        assertThat(shell.out())
                .contains("\"total\":{\"keys\":20000000,\"volatileKeys\":1000000,\"dead\":800000,\"lowest\":785858,"
                        + "\"highest\":814142,\"shareOfVolatile\":0.8,\"exact\":false,\"deadBytes\":2097152,"
                        + "\"sweepSeconds\":{\"gentle\":144.0,\"balanced\":72.0,\"full\":36.0}},"
                        + "\"nodes\":[{\"nodeId\"");
    }

    @Test
    void cluster_primaryDead_reportsTheOthersAndExitsWithThree() {
        estimator.primaries = 2;
        estimator.failures =
                List.of(new NodeRefusedException("d:1", NodeRefusedException.Reason.UNREACHABLE, "d:1 is away"));

        assertThat(run("redis-cluster://h")).isEqualTo(ExitCode.UNREACHABLE.number());
        assertThat(shell.out())
                .contains("NOT ESTIMATED: d:1 is away", "The 2 primaries that were estimated, together.");

        assertThat(run("--json", "redis-cluster://h")).isEqualTo(ExitCode.UNREACHABLE.number());
        assertThat(shell.out()).contains("}],\"refused\":[{\"nodeId\":\"d:1\",\"message\":\"d:1 is away\"}]}");
    }

    @Test
    void hashes_withFieldsThatExpire_areReported() {
        estimator.expirableHashes = 12;

        run("redis://h");
        assertThat(shell.out()).contains("fields     12 hashes have fields with a TTL");

        run("--json", "redis://h");
        assertThat(shell.out()).contains("\"reclaimed\":0,\"expirableHashes\":12,\"deadBytes\"");
    }

    @Test
    void json_fields_areDocumented() throws IOException {
        DocumentedFields.assertAreDocumented(
                TotalDocument.class, TotalDocument.WithNodes.class, EstimateDocument.class);
    }

    @Test
    void request_picture_isMadeOnlyIfAskedFor() {
        run("redis://h");
        assertThat(estimator.request().picture()).isNull();

        run("--ttl", "--forecast", "2h", "--step", "5m", "redis://h");
        assertThat(estimator.request().picture())
                .isEqualTo(new PictureRequest(Duration.ofMinutes(5), /* steps= */ 24, /* prefixes= */ null));

        run("--prefixes", "--separator", "/", "--depth", "2", "--top", "3", "redis://h");
        assertThat(Objects.requireNonNull(estimator.request().picture()).prefixes())
                .isEqualTo(new PrefixRequest("/", /* depth= */ 2, /* top= */ 3));

        // That forecast would have too many steps.
        assertThat(run("--ttl", "--forecast", "30d", "--step", "1m", "redis://h"))
                .isNotZero();
    }

    @Test
    void text_picture_hasClassesForecastAndPrefixes() {
        estimator.insight = FakeEstimator.insight();
        run("--prefixes", "redis://h");

        assertThat(shell.out()).endsWith("""
              picture    from the TTLs of 5,000 living keys, and the sizes of 600 of them
                dead       400 (300 to 500)
                < 1 h      1,900,000 (1,800,000 to 2,000,000)
              sizes      < 64 B: 10; larger: 20
              mean size  100 B; 200 B with a TTL
              types      hash: 30
              note       Something is missing.
              forecast   1,900,000 (1,800,000 to 2,000,000) of the present keys die until 2026-03-01 02:10 UTC, in steps of 10 min
              cliff      1,900,000 (1,800,000 to 2,000,000) keys die between 2026-03-01 02:00 and 2026-03-01 02:10 UTC
              server     expired 12 keys a second in the last 30 s; its own cycle removes about 3.0 a second at the present backlog
              backlog    at most 1,700,000 dead keys, 324.2 MiB, at 2026-03-01 02:10 UTC; 1,700,000 at the end
              start      2026-03-01 02:10 UTC
              prefixes   dead keys with their 95 % interval, and living keys
                     DEAD      +/-  DIE IN 1 H  WITH TTL  NO TTL  PREFIX
                1,900,000  100,000           7         8       0  evil\\u001b:
                        0        0           0         0       9  (without a separator)
                        2        0           1         1       1  (all others)
              advice     Sweep once: the backlog does not come back within a week.
              basis      The figures of the ways rest on a measurement.
                nothing: 30,000 dead keys, pauses up to 25.0 ms; not enough
                setting (active-expire-effort 4): 900 dead keys, about 12 s of the server's time a day, pauses up to 4.3 ms
                passes (every 6 h): 10 dead keys, about 0.50 s of the server's time a day, pauses up to 0.5 ms
                full sweep: the backlog grows without end, about 2 s of the server's time a day; not enough
            """);
    }

    @Test
    void json_picture_isPartOfTheDocument() {
        estimator.insight = FakeEstimator.insight();
        run("--ttl", "--json", "redis://h");

        assertThat(shell.out())
                .contains("\"insight\":{\"picture\":{\"ttl\":[{\"remaining\":\"DEAD\",\"count\":{\"keys\":400,"
                        + "\"lowest\":300,\"highest\":500}}")
                .contains("\"from\":\"2026-03-01T02:00:00Z\"", "\"cliff\":true", "\"missing\":null");
    }

    private int run(String... arguments) {
        return new CommandLine(new EstimateCommand(shell.context(), () -> estimator)).execute(arguments);
    }
}
