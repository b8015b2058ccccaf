package io.keysweep.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.DocumentedFields;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.RefusedNode;
import io.keysweep.cli.shell.TestShell;
import io.keysweep.engine.advice.Advice;
import io.keysweep.engine.doctor.Diagnosis;
import io.keysweep.engine.doctor.Doctor;
import io.keysweep.engine.doctor.Examination;
import io.keysweep.engine.doctor.Finding;
import io.keysweep.engine.doctor.Finding.Severity;
import io.keysweep.engine.doctor.MemoryState;
import io.keysweep.engine.doctor.ReplicaState;
import io.keysweep.engine.estimate.SweepCost;
import io.keysweep.engine.lettuce.LettuceEngine;
import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Tests the options, the text, the JSON and the exit codes of {@code keysweep doctor}, without a server. */
final class DoctorCommandTest {

    private final TestShell shell = new TestShell();
    private final FakeDoctor doctor = new FakeDoctor();

    @ParameterizedTest
    @CsvSource({"INFO, DONE", "WARNING, DONE", "PROBLEM, NOT_SWEEPABLE"})
    void exitCode_worstFinding_isAFailureOnlyForAProblem(Severity severity, ExitCode code) {
        doctor.severity = severity;

        assertThat(run("redis://h")).isEqualTo(code.number());
        assertThat(doctor.closed).isTrue();
    }

    @Test
    void text_anyDiagnosis_hasTheFindingsWithTheirActions() {
        run("redis://h");

        assertThat(shell.out()).isEqualTo("""
            h:6379 (Redis 7.0.15, primary): can be swept.
              keys      10,000,000, 4,000 with a TTL
              memory    1.0 KiB used, RSS 2.0 KiB, no limit (noeviction)
              method    script: exact
              a sweep   about 1 min 12 s (gentle), 36 s (balanced), 18 s (full)
              user      ACL SETUSER keysweep
            WARNING  lazyfree-off: lazyfree-lazy-expire is no.
                     -> CONFIG SET
            Ways to deal with dead keys, with the largest number to expect:
              nothing: 900 dead keys, pauses up to 25.0 ms
            """);
    }

    @Test
    void json_anyDiagnosis_isOneLineInAFixedOrder() {
        run("--json", "redis://h");

        String findings = "\"findings\":[{\"id\":\"lazyfree-off\",\"severity\":\"WARNING\","
                + "\"sentence\":\"lazyfree-lazy-expire is no.\",\"action\":\"CONFIG SET\",\"nodes\":[\"h:6379\"]}]";
        String advice = "\"advice\":{\"action\":\"NOTHING\",\"sentence\":\"Do nothing.\","
                + "\"basis\":\"An assumption.\",\"toleratedBacklog\":1000,\"inflowPerSecond\":null,"
                + "\"settingsRefused\":false,\"expiryOff\":false,\"options\":[{\"action\":\"NOTHING\","
                + "\"expectedBacklog\":900,\"serverSecondsPerDay\":0.0,\"longestPauseMillis\":25.0,"
                + "\"setting\":null,\"interval\":null,\"enough\":true}]}";
        String fields = "\"nodeId\":\"h:6379\",\"flavour\":\"REDIS\",\"version\":\"7.0.15\",\"role\":\"PRIMARY\","
                + "\"sweepable\":true,\"keys\":10000000,\"volatileKeys\":4000,"
                + "\"memory\":{\"usedBytes\":1024,\"rssBytes\":2048,\"fragmentationRatio\":2.0,"
                + "\"limitBytes\":0,\"policy\":\"noeviction\",\"evictedKeys\":0},"
                + "\"replicas\":[{\"address\":\"r:1\",\"state\":\"online\",\"bytesBehind\":3,"
                + "\"secondsSinceReply\":1}],\"settings\":{\"hz\":\"10\"},\"method\":\"script\","
                + "\"methodReason\":\"exact\",\"userCommand\":\"ACL SETUSER keysweep\","
                + "\"sweepSeconds\":{\"gentle\":72.0,\"balanced\":36.0,\"full\":18.0},"
                + advice
                + ","
                + findings;
        assertThat(shell.out())
                .isEqualTo("{\"formatVersion\":1,\"command\":\"doctor\",\"label\":\"h:6379\",\"sweepable\":true,"
                        + "\"total\":{\"keys\":10000000,\"volatileKeys\":4000,\"usedBytes\":1024,"
                        + "\"sweepSeconds\":{\"gentle\":72.0,\"balanced\":36.0,\"full\":18.0},"
                        + advice
                        + "},"
                        + findings + ",\"nodes\":[{" + fields + "}],\"refused\":[]}"
                        + System.lineSeparator());
    }

    @Test
    void purge_option_isPassedToTheDoctor() {
        run("redis://h");
        assertThat(doctor.purging).isFalse();

        run("--purge", "redis://h");
        assertThat(doctor.purging).isTrue();
    }

    @Test
    void formerSettings_thatCannotBeRead_areReported(@TempDir Path home) throws IOException {
        Files.writeString(home.resolve("assist"), "no folder");
        shell.withHome(home);

        assertThat(run("redis://h")).isZero();

        assertThat(shell.err())
                .isEqualTo("keysweep: the former settings of servers that assist has raised cannot be read: it is not"
                        + " a folder" + System.lineSeparator());
    }

    @Test
    void text_clusterWithADeadPrimary_hasSharedFindingsTotalsAndTheRefusal() {
        doctor.furtherFindings =
                List.of(new Finding("advice", Severity.INFO, "About 700 keys are dead.", "Do nothing."));
        doctor.primaries = 2;
        doctor.refusals =
                List.of(new NodeRefusedException("d:1", NodeRefusedException.Reason.UNREACHABLE, "d:1 is away"));

        assertThat(run("redis-cluster://h")).isEqualTo(ExitCode.UNREACHABLE.number());

        // The advice is for both primaries together, and not for each of them.
        assertThat(shell.out()).containsOnlyOnce("lazyfree-off").endsWith("""
            NOT EXAMINED: d:1 is away
            WARNING  lazyfree-off: lazyfree-lazy-expire is no.
                     -> CONFIG SET
                     on all 2
            The 2 primaries that were examined, together.
              keys      20,000,000, 8,000 with a TTL
              memory    2.0 KiB used
              a sweep   about 2 min 24 s (gentle), 1 min 12 s (balanced), 36 s (full), one primary after the other
              user      ACL SETUSER keysweep
            INFO     advice: By the servers' own estimates (expired_stale_perc), about 1,400 keys are dead; 2,000 do no \
            harm. The figures of the ways rest on an assumption: no more keys die. Only the present backlog counts, \
            because nobody has measured how many keys die; 'keysweep estimate --ttl' measures it.
                     -> You do not need Keysweep now, as long as the server's own expiry runs: it leaves few of the \
            keys that are dead.
            Ways to deal with dead keys, with the largest number to expect:
              nothing: 1,800 dead keys, pauses up to 25.0 ms
            """);
    }

    @Test
    void json_clusterWithADeadPrimary_hasSharedFindingsTotalsAndTheRefusal() {
        doctor.primaries = 2;
        doctor.refusals =
                List.of(new NodeRefusedException("d:1", NodeRefusedException.Reason.UNREACHABLE, "d:1 is away"));

        assertThat(run("--json", "redis-cluster://h")).isEqualTo(ExitCode.UNREACHABLE.number());

        assertThat(shell.out())
                .startsWith("{\"formatVersion\":1,\"command\":\"doctor\",\"label\":\"h:6379\",\"sweepable\":false,"
                        + "\"total\":{\"keys\":20000000,\"volatileKeys\":8000,\"usedBytes\":2048,"
                        + "\"sweepSeconds\":{\"gentle\":144.0,\"balanced\":72.0,\"full\":36.0},"
                        + "\"advice\":{\"action\":\"NOTHING\"")
                .contains("}]}},\"findings\":[{\"id\":\"lazyfree-off\",\"severity\":\"WARNING\","
                        + "\"sentence\":\"lazyfree-lazy-expire is no.\",\"action\":\"CONFIG SET\","
                        + "\"nodes\":[\"h:6379\",\"h:6379\"]}],"
                        + "\"nodes\":[{\"nodeId\":\"h:6379\"")
                .endsWith("],\"refused\":[{\"nodeId\":\"d:1\",\"message\":\"d:1 is away\"}]}" + System.lineSeparator());
    }

    @Test
    void json_fields_areDocumented() throws IOException {
        DocumentedFields.assertAreDocumented(
                DoctorDocument.class,
                DoctorDocument.Total.class,
                DoctorDocument.SharedFinding.class,
                DiagnosisDocument.class,
                Advice.class,
                Advice.Option.class,
                RefusedNode.class);
    }

    private int run(String... arguments) {
        return new CommandLine(new DoctorCommand(shell.context(), () -> doctor, LettuceEngine::connector))
                .execute(arguments);
    }

    /** Simulates a doctor that always reports the same finding. */
    private static final class FakeDoctor implements Doctor {

        Severity severity = Severity.WARNING;
        boolean closed;
        boolean purging;
        int primaries = 1;
        List<Finding> furtherFindings = List.of();
        List<NodeRefusedException> refusals = List.of();

        @Override
        public Examination examine(Deployment deployment, boolean purging) {
            this.purging = purging;
            Diagnosis diagnosis = new Diagnosis(
                    "h:6379",
                    Flavour.REDIS,
                    "7.0.15",
                    Diagnosis.ReplicationRole.PRIMARY,
                    /* keys= */ 10_000_000,
                    /* volatileKeys= */ 4_000,
                    new MemoryState(
                            /* usedBytes= */ 1_024,
                            /* rssBytes= */ 2_048,
                            /* fragmentationRatio= */ 2,
                            /* limitBytes= */ 0,
                            "noeviction",
                            /* evictedKeys= */ 0),
                    List.of(new ReplicaState("r:1", "online", /* bytesBehind= */ 3, /* secondsSinceReply= */ 1)),
                    Map.of("hz", "10"),
                    "script",
                    "exact",
                    "ACL SETUSER keysweep",
                    SweepCost.of(10_000_000, Flavour.REDIS, "7.0.15"),
                    /* dead= */ 700L,
                    advice(),
                    Stream.concat(
                                    Stream.of(new Finding(
                                            "lazyfree-off", severity, "lazyfree-lazy-expire is no.", "CONFIG SET")),
                                    furtherFindings.stream())
                            .toList());
            return new Examination(Collections.nCopies(primaries, diagnosis), refusals);
        }

        private static Advice advice() {
            Advice.Option nothing = new Advice.Option(
                    Advice.AdvisedAction.NOTHING,
                    /* expectedBacklog= */ 900L,
                    /* serverSecondsPerDay= */ 0,
                    /* longestPauseMillis= */ 25.0,
                    /* setting= */ null,
                    /* interval= */ null,
                    /* enough= */ true);
            return new Advice(
                    Advice.AdvisedAction.NOTHING,
                    "Do nothing.",
                    "An assumption.",
                    /* toleratedBacklog= */ 1_000,
                    /* inflowPerSecond= */ null,
                    /* settingsRefused= */ false,
                    /* expiryOff= */ false,
                    List.of(nothing));
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
