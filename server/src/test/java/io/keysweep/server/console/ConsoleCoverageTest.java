package io.keysweep.server.console;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Tests that each operation of the native API has a form or a page in the console, or is listed here with the reason
 * why it has none.
 */
final class ConsoleCoverageTest {

    private static final Path OPENAPI = Path.of("src/main/resources/openapi/v1.yaml");

    /** The source with the table of audited operations, which also lists the forms of the console. */
    private static final Path AUDITED = Path.of("src/main/java/io/keysweep/server/auditor/AuditedOperations.java");

    private static final Pattern OPERATION = Pattern.compile("(?m)^ +operationId: (\\w+)$");

    /** Matches a form of the console in the table, and captures the API operation of the form. */
    private static final Pattern FORM = Pattern.compile("(?m)^ +POST +/console/\\S+ +(\\w+) ");

    /** Operations that only read, each with the page that shows their answer. */
    private static final Map<String, String> PAGES = Map.ofEntries(
            entry("listHolds", "holds"),
            entry("getBudget", "policies"),
            entry("listWorkers", "workers"),
            entry("listInstances", "overview"),
            entry("getInstance", "instance"),
            entry("getLastEstimate", "instance"),
            entry("listTrends", "instance, as charts"),
            entry("listWebhooks", "webhooks"),
            entry("getWebhook", "webhook"),
            entry("listDeliveries", "webhook"),
            entry("getDelivery", "webhook"),
            entry("listScans", "all scans"),
            entry("getScan", "scan"),
            entry("watchScan", "scan, which refreshes itself"),
            entry("listApprovals", "approvals"),
            entry("getApproval", "approvals"),
            entry("getProjectWindows", "policies"),
            entry("getProjectStartPolicy", "policies"),
            entry("getProjectCeilings", "ceilings"),
            entry("getInstanceWindows", "instance"),
            entry("getInstanceStartPolicy", "instance"),
            entry("getInstanceCeilings", "instance"),
            entry("getSchedule", "instance"),
            entry("listStarts", "starts"),
            entry("listScanHolds", "scan"),
            entry("getScanTimeline", "scan"),
            entry("getScanReport", "report"),
            entry("listAudit", "audit"),
            entry("listProjects", "projects"),
            entry("getProject", "projects"),
            entry("listAccessKeys", "access keys"),
            entry("getAccessKey", "access key"),
            entry("listUsers", "users"),
            entry("getUser", "user"),
            entry("listAccessPolicies", "access policies"),
            entry("getAccessPolicy", "access policy"));

    /** Operations without a form or page of their own, each with the reason. */
    private static final Map<String, String> EXCEPTIONS = Map.ofEntries(
            entry("removeBudget", "the button Remove of the form that sets it"),
            entry("removeProjectWindows", "the button Remove of the form that sets them"),
            entry("removeProjectStartPolicy", "the button Remove of the form that sets it"),
            entry("removeProjectCeilings", "the form without any value"),
            entry("removeInstanceWindows", "the button Remove of the form that sets them"),
            entry("removeInstanceStartPolicy", "the button Remove of the form that sets it"),
            entry("removeInstanceCeilings", "the form without any value"),
            entry("removeSchedule", "the form switches the schedule off"),
            entry("applyFleet", "a fleet is a file, which the command line reads"),
            entry("exportAudit", "an export is a file, which the command line writes"),
            entry("verifyAudit", "the command line verifies an export without trust in the service"),
            entry("getOpenApi", "the page /docs shows the description"));

    @Test
    void operations_ofTheApi_haveAFormOrAPageOrAListedReason() throws IOException {
        Set<String> operations = names(OPERATION, OPENAPI);
        Set<String> forms = names(FORM, AUDITED);

        Set<String> missing = new TreeSet<>(operations);
        missing.removeAll(forms);
        missing.removeAll(PAGES.keySet());
        missing.removeAll(EXCEPTIONS.keySet());

        assertThat(missing).isEmpty();
        assertThat(operations).containsAll(PAGES.keySet()).containsAll(EXCEPTIONS.keySet());
        assertThat(forms).doesNotContainAnyElementsOf(EXCEPTIONS.keySet());
    }

    /** Returns the names that a pattern finds in a file. */
    private static Set<String> names(Pattern pattern, Path file) throws IOException {
        return pattern.matcher(Files.readString(file))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
