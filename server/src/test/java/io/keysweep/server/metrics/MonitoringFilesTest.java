package io.keysweep.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests that the alert rules and the dashboard use documented metrics only; {@code dev/test-monitoring} runs them. */
class MonitoringFilesTest {

    private static final Path DEPLOY = Path.of("..", "deploy");
    private static final Pattern METRIC =
            Pattern.compile("\\b(?:keysweep|hikaricp|jvm|http|process|logback)_[a-z0-9_]+");

    /** Matches a metric that other Java programs also have, with its labels if there are any. */
    private static final Pattern SHARED_METRIC =
            Pattern.compile("\\b(?:hikaricp|jvm|http|process|logback)_[a-z0-9_]+(\\{[^}]*})?");

    @Test
    void alerts_useDocumentedMetricsOnly() throws IOException {
        String rules = Files.readString(DEPLOY.resolve("prometheus/alerts.yaml"));

        assertThat(metrics(rules)).hasSizeGreaterThan(8).isSubsetOf(documented());

        // Each alert has a runbook.
        assertThat(rules.split("- alert:", -1).length).isEqualTo(rules.split("runbook:", -1).length);
    }

    @Test
    void alerts_onMetricsOfSeveralPrograms_selectKeysweep() throws IOException {
        String rules = Files.readString(DEPLOY.resolve("prometheus/alerts.yaml"));

        assertThat(SHARED_METRIC.matcher(rules).results())
                .isNotEmpty()
                .allSatisfy(found -> assertThat(found.group(1)).contains("keysweep"));
    }

    @Test
    void dashboard_withAllJobs_showsJobsOfKeysweepOnly() throws IOException {
        JsonNode job = dashboard()
                .path("templating")
                .path("list")
                .valueStream()
                .filter(variable -> variable.path("name").asString().equals("job"))
                .findFirst()
                .orElseThrow();

        assertThat(job.path("definition").asString()).isEqualTo("label_values(keysweep_instances, job)");

        // If "All" had its own value, it would show every program that Prometheus knows.
        assertThat(job.path("includeAll").asBoolean()).isTrue();
        assertThat(job.has("allValue")).isFalse();
    }

    @Test
    void dashboard_usesDocumentedMetricsOnly() throws IOException {
        JsonNode dashboard = dashboard();

        // The queries of a panel are in targets[].expr.
        Set<String> usedMetrics = new TreeSet<>();
        dashboard
                .path("panels")
                .forEach(panel -> panel.path("targets")
                        .forEach(target ->
                                usedMetrics.addAll(metrics(target.path("expr").asString()))));

        assertThat(usedMetrics).hasSizeGreaterThan(25).isSubsetOf(documented());
    }

    private static JsonNode dashboard() throws IOException {
        return Objects.requireNonNull(
                new JsonMapper().readTree(Files.readString(DEPLOY.resolve("grafana/keysweep.json"))));
    }

    private static Set<String> metrics(String text) {
        Set<String> names = new TreeSet<>();
        METRIC.matcher(text).results().forEach(found -> names.add(found.group()));
        return names;
    }

    /** Returns the names of all documented metrics, with the series of histograms and summaries. */
    private static Set<String> documented() throws IOException {
        Set<String> names = new TreeSet<>();
        MetricsPage.documented(MetricsDocsIT.ALWAYS_SERVED).forEach((name, metric) -> {
            names.add(name);
            if (Set.of("histogram", "summary").contains(metric.type())) {
                names.addAll(Set.of(name + "_bucket", name + "_count", name + "_sum"));
            }
        });
        return names;
    }
}
