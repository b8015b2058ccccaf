package io.keysweep.engine.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.advice.Advice;
import io.keysweep.engine.advice.ExpirySituation;
import io.keysweep.engine.advice.SettingsAccess;
import io.keysweep.engine.doctor.Examination.Occurrence;
import io.keysweep.engine.estimate.SweepCost;
import io.keysweep.engine.insight.ExpiryCycle;
import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests what an examination says about several servers together. */
final class ExaminationTest {

    private static final Finding FACT = Finding.info("volatile-share", "Few keys have a TTL.", "None.");
    private static final Finding PROBLEM = Finding.problem("loading", "The server loads its keys.", "Wait.");

    @Test
    void adviceFinding_ofSeveralServers_hasTheSumsInTheWordsOfOneServer() {
        Examination examination = examination(server("a:1", /* dead= */ 30_000), server("b:1", /* dead= */ 1));

        Finding finding = Objects.requireNonNull(examination.adviceFinding());

        assertThat(finding.id()).isEqualTo("advice");
        assertThat(finding.sentence())
                .startsWith("By the servers' own estimates (expired_stale_perc), about 30,001 keys are dead; 40,000 do"
                        + " no harm. The figures of the ways rest on an assumption");
        assertThat(finding.action())
                .isEqualTo(Objects.requireNonNull(examination.advice()).sentence());
    }

    @Test
    void adviceFinding_ofOneServer_isNull() {
        Examination examination = examination(server("a:1", /* dead= */ 30_000));

        assertThat(examination.adviceFinding()).isNull();
        assertThat(examination.advice())
                .isEqualTo(examination.diagnoses().getFirst().advice());
    }

    @Test
    void advice_serversWithoutTtls_areLeftOut_butAnUnknownBacklogIsNot() {
        Diagnosis known = server("a:1", /* dead= */ 30_000);
        Diagnosis withoutTtls = serverWith("b:1", /* volatileKeys= */ 0, /* dead= */ null);
        Diagnosis unknown = serverWith("c:1", /* volatileKeys= */ 5, /* dead= */ null);

        assertThat(examination(known, withoutTtls).advice()).isEqualTo(known.advice());
        assertThat(examination(known, withoutTtls, unknown).advice()).isNull();
        assertThat(examination(withoutTtls).advice()).isNull();
    }

    @Test
    void findings_ofSeveralServers_areListedOnceWithTheirServers_theMostSevereFirst() {
        Examination examination =
                examination(server("a:1", /* dead= */ 30_000, FACT), server("b:1", /* dead= */ 30_000, FACT, PROBLEM));

        assertThat(examination.findings())
                .containsExactly(new Occurrence(PROBLEM, List.of("b:1")), new Occurrence(FACT, List.of("a:1", "b:1")));
    }

    @Test
    void findingsBesideAdvice_leaveOutTheAdviceForEachServer_ifThereIsOneForAll() {
        Finding advice = Finding.info("advice", "Some keys are dead.", "None.");
        Diagnosis unknown = serverWith("c:1", /* volatileKeys= */ 5, /* dead= */ null);

        assertThat(examination(server("a:1", /* dead= */ 9, advice, FACT), server("b:1", /* dead= */ 9, advice))
                        .findingsBesideAdvice())
                .containsExactly(new Occurrence(FACT, List.of("a:1")));
        assertThat(examination(server("a:1", /* dead= */ 9, advice), unknown).findingsBesideAdvice())
                .containsExactly(new Occurrence(advice, List.of("a:1")));
    }

    private static Examination examination(Diagnosis... diagnoses) {
        return new Examination(List.of(diagnoses), List.of());
    }

    /** Returns a server with a million keys, of which 400,000 have a TTL. */
    private static Diagnosis server(String nodeId, long dead, Finding... findings) {
        return serverWith(nodeId, /* volatileKeys= */ 400_000, (Long) dead, findings);
    }

    /**
     * Returns a server with a million keys.
     *
     * @param dead the server's own estimate of its dead keys; null if it has none, so that it has no advice
     */
    private static Diagnosis serverWith(String nodeId, long volatileKeys, @Nullable Long dead, Finding... findings) {
        long keys = 1_000_000;
        return new Diagnosis(
                nodeId,
                Flavour.REDIS,
                "7.0.15",
                Diagnosis.ReplicationRole.PRIMARY,
                keys,
                volatileKeys,
                new MemoryState(
                        /* usedBytes= */ 1,
                        /* rssBytes= */ 1,
                        /* fragmentationRatio= */ 1,
                        /* limitBytes= */ 0,
                        "noeviction",
                        /* evictedKeys= */ 0),
                List.of(),
                Map.of(),
                "script",
                "exact",
                /* userCommand= */ null,
                SweepCost.of(keys, Flavour.REDIS, "7.0.15"),
                dead,
                dead == null
                        ? null
                        : Advice.of(new ExpirySituation(
                                keys,
                                volatileKeys,
                                dead,
                                /* inflowPerSecond= */ null,
                                ExpiryCycle.withEffort(/* hz= */ 10, /* effort= */ 1),
                                /* cycleRuns= */ true,
                                /* efficiency= */ 1,
                                SettingsAccess.REPORTED,
                                /* microsPerKey= */ 1)),
                List.of(findings));
    }
}
