package io.keysweep.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.egress.EgressPolicy;
import io.keysweep.engine.egress.IpNetwork;
import io.keysweep.engine.egress.PortRange;
import io.keysweep.engine.pacing.PacePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests how the settings of the service are read from file, environment and arguments. */
class SettingsLoaderTest {

    @TempDir
    private Path home;

    @Test
    void load_withoutFileVariablesAndArguments_returnsTheDefaults() {
        ServiceSettings settings = load(List.of(), Map.of());
        assertThat(settings)
                .isEqualTo(new ServiceSettings(
                        home,
                        "127.0.0.1",
                        /* port= */ 8379,
                        /* databaseUrl= */ null,
                        /* databaseUsername= */ null,
                        /* databasePassword= */ null,
                        /* databaseWait= */ Duration.ofSeconds(60),
                        /* workerThreads= */ 16,
                        /* heartbeat= */ Duration.ofSeconds(5),
                        LogFormat.TEXT,
                        PacePolicy.GENTLE,
                        /* manualTimeout= */ Duration.ofHours(6),
                        /* retentionAge= */ Duration.ofDays(90),
                        /* retentionScans= */ 1000,
                        /* forecastInterval= */ Duration.ZERO,
                        Set.of(Role.API, Role.CONSOLE, Role.WORKER),
                        BudgetSettings.NONE,
                        AccessSettings.DEFAULT,
                        LimitSettings.DEFAULT,
                        QuotaSettings.DEFAULT,
                        EgressPolicy.SERVICE,
                        MetricsSettings.NONE,
                        /* tls= */ null,
                        new AuditSettings(Duration.ofDays(365), /* file= */ null, /* syslog= */ null),
                        TracingSettings.NONE,
                        /* oidc= */ null));
    }

    @Test
    void load_ofAFileWithEverySetting_returnsTheValuesOfTheFile() throws IOException {
        // Each value differs from its default.
        yaml("""
            server: {address: 127.0.0.2, port: 1, trusted-proxies: [10.0.0.1, 'fd00::/8']}
            catalog.regions: cn-north-4
            console: {idle-minutes: 5, session-hours: 1}
            database: {url: 'jdbc:postgresql://db/keysweep', username: u, password: p, wait-seconds: 5}
            worker: {threads: 4, heartbeat-seconds: 7}
            log.format: ecs
            scan: {profile: full, manual-timeout-minutes: 9}
            retention: {days: 30, scans-per-instance: 50}
            forecast.hours: 6
            roles: [worker]
            budget: {sweeps: 8, sweeps-per-host: 2, rate-per-host: 50000, share-per-host-percent: 150}
            limits: {connections: 900, request-seconds: 3, idle-seconds: 4, rate-per-key: 50,
              rate-per-address: 60, requests-per-key: 70, streams: 80, streams-per-key: 9}
            quota: {projects: 1, instances-per-project: 2, access-keys-per-project: 3, access-keys-per-user: 4,
              users-per-project: 5}
            egress:
              allowed-networks: [10.0.0.0/8, "fd00::/8"]
              denied-networks: []
              ports: 6379, 7000-7005
              unix-sockets: true
            metrics: {address: 127.0.0.3, port: 9, token: abcdefgh-0123456789}
            audit: {retention-days: 30, file: /var/log/audit.jsonl, syslog: 'logs.example:1514'}
            tracing: {endpoint: 'https://traces.example/v1/traces', sample-percent: 10}
            """);

        assertThat(load(List.of(), Map.of()))
                .isEqualTo(new ServiceSettings(
                        home,
                        "127.0.0.2",
                        /* port= */ 1,
                        "jdbc:postgresql://db/keysweep",
                        /* databaseUsername= */ "u",
                        /* databasePassword= */ "p",
                        /* databaseWait= */ Duration.ofSeconds(5),
                        /* workerThreads= */ 4,
                        /* heartbeat= */ Duration.ofSeconds(7),
                        LogFormat.ECS,
                        PacePolicy.FULL,
                        /* manualTimeout= */ Duration.ofMinutes(9),
                        /* retentionAge= */ Duration.ofDays(30),
                        /* retentionScans= */ 50,
                        /* forecastInterval= */ Duration.ofHours(6),
                        Set.of(Role.WORKER),
                        new BudgetSettings(
                                /* sweeps= */ 8,
                                /* sweepsPerHost= */ 2,
                                /* ratePerHost= */ 50_000L,
                                /* sharePerHost= */ 1.5),
                        new AccessSettings(
                                List.of("cn-north-4"),
                                List.of("10.0.0.1", "fd00::/8"),
                                Duration.ofMinutes(5),
                                Duration.ofHours(1)),
                        new LimitSettings(
                                /* connections= */ 900,
                                /* requestTime= */ Duration.ofSeconds(3),
                                /* idleTime= */ Duration.ofSeconds(4),
                                /* ratePerKey= */ 50,
                                /* ratePerAddress= */ 60,
                                /* requestsPerKey= */ 70,
                                /* streams= */ 80,
                                /* streamsPerKey= */ 9),
                        new QuotaSettings(
                                /* projects= */ 1,
                                /* instancesPerProject= */ 2,
                                /* accessKeysPerProject= */ 3,
                                /* accessKeysPerUser= */ 4,
                                /* usersPerProject= */ 5),
                        new EgressPolicy(
                                IpNetwork.parseList("10.0.0.0/8,fd00::/8"),
                                List.of(),
                                List.of(new PortRange(6379, 6379), new PortRange(7000, 7005)),
                                /* unixSockets= */ true),
                        new MetricsSettings("127.0.0.3", /* port= */ 9, "abcdefgh-0123456789"),
                        /* tls= */ null,
                        new AuditSettings(Duration.ofDays(30), "/var/log/audit.jsonl", "logs.example:1514"),
                        new TracingSettings("https://traces.example/v1/traces", /* samplePercent= */ 10),
                        /* oidc= */ null));
    }

    @Test
    void load_ofASettingInSeveralSources_prefersArgumentsThenVariables() throws IOException {
        yaml("server.port: 1\nserver.address: 127.0.0.3\nworker.threads: 3\n");
        ServiceSettings settings = load(
                List.of("--port", "4"), Map.of("KEYSWEEP_SERVER_PORT", "2", "KEYSWEEP_SERVER_ADDRESS", "127.0.0.2"));

        assertThat(settings.port()).isEqualTo(4);
        assertThat(settings.address()).isEqualTo("127.0.0.2");
        assertThat(settings.workerThreads()).isEqualTo(3);
    }

    @Test
    void load_ofFewerStreamsThanConnections_isAccepted() {
        assertThat(load(List.of(), Map.of("KEYSWEEP_LIMITS_CONNECTIONS", "20", "KEYSWEEP_LIMITS_STREAMS", "19"))
                        .limits()
                        .streams())
                .isEqualTo(19);
    }

    @Test
    void load_ofASyslogServerWithTheHighestPort_isAccepted() {
        assertThat(load(List.of(), Map.of("KEYSWEEP_AUDIT_SYSLOG", "h:65535"))
                        .audit()
                        .syslog())
                .isEqualTo("h:65535");
    }

    @Test
    void load_ofRolesInAnyOrder_isAccepted() {
        assertThat(load(List.of("--roles=worker, api"), Map.of()).roles()).containsExactly(Role.API, Role.WORKER);
        assertThat(load(List.of("--roles=worker,console,api"), Map.of()).roles())
                .containsExactly(Role.API, Role.CONSOLE, Role.WORKER);

        Map<String, String> shared = Map.of("KEYSWEEP_DATABASE_URL", "jdbc:postgresql://db/keysweep");
        assertThat(load(List.of("--roles=console"), shared).roles()).containsExactly(Role.CONSOLE);
    }

    @Test
    void load_ofYamlTextsThatLookLikeOtherTypes_keepsTheTexts() throws IOException {
        yaml("database: {url: 'jdbc:postgresql://db/keysweep', username: no, password: 0123}\n");
        ServiceSettings settings = load(List.of(), Map.of());

        assertThat(settings.databaseUsername()).isEqualTo("no");
        assertThat(settings.databasePassword()).isEqualTo("0123");
    }

    @Test
    void toString_ofSettings_doesNotContainThePasswordOfTheDatabase() {
        Map<String, String> database = Map.of(
                "KEYSWEEP_DATABASE_URL", "jdbc:postgresql://db/keysweep?user=k&password=hidden-1",
                "KEYSWEEP_DATABASE_PASSWORD", "hidden-2");
        assertThat(load(List.of(), database).toString())
                .contains("jdbc:postgresql://db/keysweep")
                .doesNotContain("hidden");
    }

    private ServiceSettings load(List<String> args, Map<String, String> variables) {
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("KEYSWEEP_HOME", home.toString());
        return SettingsLoader.load(args, environment);
    }

    private void yaml(String text) throws IOException {
        Files.writeString(home.resolve("keysweep.yaml"), text);
    }
}
