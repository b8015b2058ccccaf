package io.keysweep.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that invalid settings of the service are refused, and that the exception names every problem. */
class InvalidSettingsTest {

    @TempDir
    private Path home;

    @Test
    void load_withManyProblems_reportsAllOfThem() throws IOException {
        yaml("server: {port: 70000, colour: blue}\nscan.profile: brutal\n");
        List<String> problems = problems(
                List.of("--verbose", "--port=x"),
                Map.of("KEYSWEEP_WORKER_THREADS", "0", "KEYSWEEP_WROKER_THREADS", "1"));

        assertThat(problems)
                .hasSize(7)
                .anyMatch(problem -> problem.contains("server.port") && problem.contains("'70000'"))
                .anyMatch(problem -> problem.contains("server.colour"))
                .anyMatch(problem -> problem.contains("scan.profile") && problem.contains("gentle, balanced or full"))
                .anyMatch(problem -> problem.contains("--verbose"))
                .anyMatch(problem -> problem.contains("server.port") && problem.contains("'x'"))
                .anyMatch(problem -> problem.contains("worker.threads") && problem.contains("'0'"))
                .anyMatch(problem -> problem.contains("KEYSWEEP_WROKER_THREADS"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EGRESS_ALLOWED_NETWORKS | '' | one or more IP networks",
                "EGRESS_ALLOWED_NETWORKS | 10.0.0.0/33 | one or more IP networks",
                "EGRESS_DENIED_NETWORKS | 0x7f.0.0.1 | IP networks such as",
                "EGRESS_DENIED_NETWORKS | 10.0.0.0/8,redis | IP networks such as",
                "EGRESS_PORTS | 0-10 | ports and ranges",
                "EGRESS_PORTS | 7005-7000 | ports and ranges",
                "EGRESS_UNIX_SOCKETS | yes | true or false",
            })
    void load_ofAnInvalidEgressSetting_isRefused(String name, String value, String rule) {
        List<String> problems = problems(List.of(), Map.of("KEYSWEEP_" + name, value));

        assertThat(problems).singleElement().asString().contains("'" + value + "', must be " + rule);
    }

    @ParameterizedTest
    @ValueSource(strings = {"logs.example:0", "logs.example:65536", "logs.example:99999", "logs.example:", ":514"})
    void load_ofASyslogServerWithoutAValidPort_isRefused(String server) {
        List<String> problems = problems(List.of(), Map.of("KEYSWEEP_AUDIT_SYSLOG", server));
        assertThat(problems)
                .singleElement()
                .asString()
                .contains("'" + server + "', must be HOST or HOST:PORT", "a port from 1 to 65535");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cli", "api,cli", "", "api,api", "console,api,console", "API", "api;worker", "api,"})
    void load_ofUnknownRepeatedOrMissingRoles_isRefused(String roles) {
        List<String> problems = problems(List.of("--roles", roles), Map.of());
        assertThat(problems)
                .containsExactly("roles (argument --roles) is '" + roles
                        + "', must be one or more of api, console and worker, each once, separated by commas");
    }

    @ParameterizedTest
    @ValueSource(strings = {"api", "console,worker", "api,console"})
    void load_onH2WithoutTheRoleApiOrWorker_isRefused(String roles) {
        List<String> problems = problems(List.of(), Map.of("KEYSWEEP_ROLES", roles));
        assertThat(problems)
                .singleElement()
                .asString()
                .startsWith("roles is '" + roles + "', must include api and worker with an H2");
    }

    @ParameterizedTest
    @CsvSource({
        // limit of connections (by default it follows from the heap), limit of streams, end of the message
        "20, 20, ''",
        "20, 21, ''",
        ", 100000, ' by the heap'"
    })
    void load_ofNotFewerStreamsThanConnections_isRefused(@Nullable String connections, String streams, String source) {
        Map<String, String> variables = new HashMap<>(Map.of("KEYSWEEP_LIMITS_STREAMS", streams));
        if (connections != null) {
            variables.put("KEYSWEEP_LIMITS_CONNECTIONS", connections);
        }
        List<String> problems = problems(List.of(), variables);

        assertThat(problems)
                .singleElement()
                .asString()
                .matches("limits\\.streams is '" + streams
                        + "', must be less than limits\\.connections, which is '\\d+'" + source);
    }

    @Test
    void load_ofInvalidYaml_isRefused_andTheFileIsNamed() throws IOException {
        yaml("server: [\n");
        List<String> problems = problems(List.of(), Map.of());

        assertThat(problems).singleElement().asString().contains("keysweep.yaml");
    }

    @Test
    void load_ofAMissingFile_isRefused_andTheFileIsNamed() {
        List<String> problems = problems(List.of("--config", "/nowhere.yaml"), Map.of());
        assertThat(problems).singleElement().asString().contains("/nowhere.yaml");
    }

    /** Loads settings that must be refused, and returns the problems that the exception names. */
    private List<String> problems(List<String> args, Map<String, String> variables) {
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("KEYSWEEP_HOME", home.toString());
        return catchThrowableOfType(InvalidSettingsException.class, () -> SettingsLoader.load(args, environment))
                .problems();
    }

    private void yaml(String text) throws IOException {
        Files.writeString(home.resolve("keysweep.yaml"), text);
    }
}
