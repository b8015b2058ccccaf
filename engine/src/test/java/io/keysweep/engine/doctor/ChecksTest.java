package io.keysweep.engine.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.advice.Advice;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.sweep.Keyspace;
import io.keysweep.engine.sweep.ProxyCheck;
import io.keysweep.engine.sweep.ServerSettings;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which findings the doctor derives from a server's INFO and settings. */
final class ChecksTest {

    /**
     * Tests values of the setting {@code notify-keyspace-events}: {@code x} means expired events, {@code A} most kinds
     * of events, and {@code K} and {@code E} are the channels.
     */
    @ParameterizedTest
    @CsvSource({"xE, true", "AKE, true", "Kg, false", "x, false", "'', false", "unknown, false"})
    void emitsExpired_anySetting_isTrueOnlyWithExpiredEventsAndAChannel(String events, boolean emits) {
        assertThat(LoadChecks.emitsExpired(events)).isEqualTo(emits);
    }

    @Test
    void load_replicaFarBehind_isWarnedOfWithTheBytes() {
        List<Finding> findings = LoadChecks.of(facts("""
            role:master
            master_repl_offset:50000000
            slave0:ip=10.0.0.2,port=6380,state=online,offset=1000000,lag=1
            slave1:ip=10.0.0.3,port=6381,state=wait_bgsave,offset=0,lag=0
            """));

        assertThat(findings).extracting(Finding::id).contains("replica-lag", "replica-not-online");
        assertThat(findings).extracting(Finding::sentence).anyMatch(sentence -> sentence.contains("50,000,000 bytes"));
    }

    @Test
    void load_savingAndFailedSave_areReported() {
        assertThat(LoadChecks.of(facts("""
            rdb_bgsave_in_progress:1
            aof_rewrite_in_progress:1
            rdb_last_bgsave_status:err
            """)))
                .extracting(Finding::id)
                .contains("saving", "rewriting-aof", "save-failed");
    }

    @ParameterizedTest
    @CsvSource({"1, every reclaimed key adds one DEL", "0, a sweep writes nothing to the disk"})
    void load_appendOnlyFile_isReportedWithItsConsequence(String enabled, String sentence) {
        assertThat(LoadChecks.of(facts("aof_enabled:" + enabled)))
                .filteredOn(finding -> finding.id().equals("persistence"))
                .singleElement()
                .matches(finding -> finding.sentence().contains(sentence));
    }

    @Test
    void advice_serversOwnEstimate_isTranslatedIntoAnAction() {
        assertThat(adviceFindings(facts("""
            redis_version:7.0.15
            role:master
            expired_stale_perc:7.50
            db0:keys=1000000,expires=400000,avg_ttl=1000
            """))).singleElement().satisfies(finding -> {
            assertThat(finding.id()).isEqualTo("advice");
            assertThat(finding.sentence()).contains("about 30,000 keys are dead; 20,000 do no harm");
            assertThat(finding.sentence()).contains("keysweep estimate --ttl");
            assertThat(finding.action()).isEqualTo("Sweep once, and estimate again after a week.");
        });
    }

    /** Without settings, nothing is known about the effort, and assist would be refused. */
    @Test
    void advice_serverThatRefusesConfig_asksTheProviderAndOffersNoAssist() {
        ServerFacts facts = facts("""
            redis_version:7.0.15
            role:master
            hz:10
            expired_stale_perc:9.00
            db0:keys=60000000,expires=50000000,avg_ttl=1000
            """, /* split= */ null, /* refused= */ true);

        Advice advice = Objects.requireNonNull(AdviceCheck.advice(facts));
        assertThat(advice.settingsRefused()).isTrue();
        assertThat(advice.options())
                .extracting(Advice.Option::action)
                .doesNotContain(Advice.AdvisedAction.ASSIST, Advice.AdvisedAction.CONTINUOUS_ASSIST);
        assertThat(advice.sentence()).doesNotStartWith("Set ").doesNotContain("--assist");
    }

    @Test
    void advice_expiryHasTakenNoTime_saysThatTheServersEstimateMeansNothing() {
        assertThat(adviceFindings(facts("""
            redis_version:7.0.15
            role:master
            expired_stale_perc:0.00
            expire_cycle_cpu_milliseconds:0
            db0:keys=1000000,expires=400000,avg_ttl=1000
            """))).singleElement().satisfies(finding -> {
            assertThat(finding.id()).isEqualTo("advice");
            assertThat(finding.sentence()).contains("says nothing").contains("DEBUG SET-ACTIVE-EXPIRE 0");
            assertThat(finding.action()).doesNotContain("keeps up").contains("keysweep estimate --ttl");
        });
    }

    /** Tests a replica, a server without a key with a TTL, and a server that reports no estimate. */
    @ParameterizedTest
    @CsvSource({"slave, 7.50, 400000", "master, 7.50, 0", "master, none, 400000"})
    void advice_unknownBacklog_isNotGiven(String role, String stale, long expires) {
        assertThat(adviceFindings(facts("role:" + role + "\nexpired_stale_perc:" + stale + "\ndb0:keys=1000000,expires="
                        + expires + ",avg_ttl=1000\n")))
                .isEmpty();
    }

    @Test
    void memory_nearLimitAndEvicting_isReported() {
        assertThat(MemoryChecks.of(facts("""
            used_memory:95000000
            maxmemory:100000000
            maxmemory_policy:allkeys-lru
            mem_fragmentation_ratio:1.80
            evicted_keys:12
            expired_stale_perc:7.50
            db0:keys=10,expires=4,avg_ttl=0
            """)))
                .extracting(Finding::id)
                .containsExactly("near-memory-limit", "evicting", "fragmented", "volatile-share");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|0|The server has no keys.",
                "1|0|The only key has no TTL.",
                "1|1|1 of 1 key (100.0 %) has a TTL; only this one can expire.",
                "2000000|1|1 of 2,000,000 keys (under 0.1 %) has a TTL; only this one can expire.",
                "2000000|1999999|1,999,999 of 2,000,000 keys (over 99.9 %) have a TTL; only these can expire."
            })
    void memory_keysWithTtl_areCountedInPlainWords(long keys, long withTtl, String sentence) {
        assertThat(MemoryChecks.of(facts("db0:keys=" + keys + ",expires=" + withTtl + ",avg_ttl=0")))
                .extracting(Finding::sentence)
                .containsExactly(sentence);
    }

    @Test
    void memory_nearLimitWithoutTtl_doesNotAdviseASweep() {
        assertThat(MemoryChecks.of(facts("""
            used_memory:95000000
            maxmemory:100000000
            db0:keys=10,expires=0,avg_ttl=0
            """)))
                .filteredOn(finding -> finding.id().equals("near-memory-limit"))
                .singleElement()
                .matches(finding -> finding.action().startsWith("Raise maxmemory."));
    }

    @ParameterizedTest
    @CsvSource({"false, has no setting active-expire-effort", "true, are unknown"})
    void load_unknownEffort_isReportedWithoutAdviceOnTheEffort(boolean refused, String sentence) {
        assertThat(LoadChecks.of(facts("role:master", /* split= */ null, refused)))
                .filteredOn(finding -> finding.id().equals("native-expiry"))
                .singleElement()
                .matches(finding -> finding.sentence().contains(sentence)
                        && !finding.action().contains("higher effort"));
    }

    /** The former values may be stored by the service or by another user, so that this process does not know them. */
    @ParameterizedTest
    @CsvSource({"10, 500, assist-settings-suspected", "10, 10, native-expiry", "5, 500, native-expiry"})
    void load_settingsThatAssistRaises_areSuspected(String effort, String hz, String id) {
        ServerSettings settings =
                new ServerSettings(Map.of(ServerSettings.EFFORT, effort, ServerSettings.HZ, hz), /* refused= */ false);

        assertThat(LoadChecks.of(facts("role:master", /* split= */ null, settings)))
                .extracting(Finding::id)
                .containsAnyOf("assist-settings-suspected", "native-expiry")
                .contains(id);
    }

    /** INFO shows only one of the servers behind a proxy, so its number of keys with a TTL means nothing. */
    @Test
    void memory_behindAProxy_doesNotCountKeysWithTtl() {
        Keyspace keyspace = Keyspace.of(ServerInfo.parse("db0:keys=30,expires=0,avg_ttl=0"));
        ProxyCheck.SplitView split = new ProxyCheck.SplitView("INFO and DBSIZE differ", keyspace);

        assertThat(MemoryChecks.of(facts("db0:keys=10,expires=0,avg_ttl=0", split, /* refused= */ false)))
                .isEmpty();
    }

    @Test
    void memory_oneHashWithExpirableFields_isOneHash() {
        assertThat(MemoryChecks.of(facts("db0:keys=5,expires=0,avg_ttl=0,subexpiry=1")))
                .extracting(Finding::sentence)
                .anyMatch(sentence -> sentence.startsWith("1 hash has fields with a TTL"));
    }

    @Test
    void fitness_pausedServer_isAProblem() {
        assertThat(FitnessChecks.of(facts("paused_actions:write\npaused_reason:client_pause")))
                .extracting(Finding::id, Finding::severity)
                .contains(org.assertj.core.groups.Tuple.tuple("not-reclaiming", Finding.Severity.PROBLEM));
    }

    @Test
    void userCommand_redisWithoutUsers_isNull() {
        assertThat(UserCommand.of(facts("redis_version:5.0.14"), List.of())).isNull();
    }

    private static List<Finding> adviceFindings(ServerFacts facts) {
        return AdviceCheck.of(facts, AdviceCheck.advice(facts));
    }

    /** Returns what the doctor knows of a server with this reply to INFO, which reports no settings. */
    private static ServerFacts facts(String info) {
        return facts(info, /* split= */ null, /* refused= */ false);
    }

    /**
     * Returns what the doctor knows of a server without settings.
     *
     * @param info the reply to INFO
     * @param split how the views of the servers behind a proxy differ; null if there is one server
     * @param refused whether the server refuses to report settings
     */
    private static ServerFacts facts(String info, ProxyCheck.@Nullable SplitView split, boolean refused) {
        return facts(info, split, new ServerSettings(Map.of(), refused));
    }

    private static ServerFacts facts(String info, ProxyCheck.@Nullable SplitView split, ServerSettings settings) {
        return new ServerFacts(
                /* nodeId= */ "h:1",
                /* user= */ "default",
                ServerInfo.parse(info),
                settings,
                /* method= */ "script",
                /* methodReason= */ "allowed",
                /* methodCommands= */ List.of("eval"),
                /* exact= */ true,
                /* refusal= */ null,
                split);
    }
}
