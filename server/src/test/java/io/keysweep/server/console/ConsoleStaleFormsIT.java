package io.keysweep.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.console.ConsoleClient.Answer;
import io.keysweep.server.console.page.PagePaths;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests forms whose page was opened before somebody else changed the same document. */
class ConsoleStaleFormsIT extends ConsoleTesting {

    /** A version that no document has. */
    private static final String STALE = "99";

    @Test
    void form_withAStaleVersion_isRefused_andLeadsToItsPage() {
        // Create the documents that the forms change.
        String instance =
                "/console/instances/" + console.register(admin, console.newName(), ConsoleFixture.UNREACHABLE_URI);
        String webhook = "/console/webhooks/"
                + console.service()
                        .call(
                                admin,
                                "POST",
                                "/api/v1/webhooks",
                                "{\"url\":\"http://127.0.0.1:1/stale\",\"events\":[\"scan.failed\"]}")
                        .body()
                        .get("id")
                        .asString();

        String project = "/console/projects/" + admin.projectId();
        String policy = project + "/access-policies/stale";
        console.service()
                .call(
                        admin,
                        "PUT",
                        "/api/v1/projects/" + admin.projectId() + "/access-policies/stale",
                        "{\"statements\":[{\"effect\":\"allow\",\"actions\":[\"dcs:*\"]}]}");

        // Valid fields of the forms, which are refused for their version only.
        Map<String, String> windows = Map.of("days-0", "monday", "from-0", "01:00", "until-0", "02:00");
        Map<String, String> startPolicy = Map.of("deadPercent", "20");
        Map<String, String> ceilings = Map.of("maxShare", "0.2");
        ConsoleClient client = new ConsoleClient(console.service().endpoint());
        client.signIn(admin);

        assertStale(client, "/console/policies", "/windows", windows);
        assertStale(client, "/console/policies", "/start-policy", startPolicy);
        assertStale(client, "/console/policies", "/budget", Map.of("sweeps", "2"));
        assertStale(client, "/console/ceilings", "", ceilings);
        assertStale(client, instance, "/windows", windows);
        assertStale(client, instance, "/start-policy", startPolicy);
        assertStale(client, instance, "/ceilings", ceilings);
        assertStale(client, instance, "/settings", Map.of("name", console.newName()));
        assertStale(client, webhook, "", Map.of("url", "http://127.0.0.1:1/other", "events", "scan.held"));
        assertStale(client, project, "/rename", Map.of("name", "ConsoleStaleFormsIT, renamed"));
        assertStale(client, policy, "", Map.of("effect-0", "deny", "actions-0", "*"));
    }

    /** The form below the advice has only the field assist. The settings form must still show the other settings. */
    @Test
    void adviceForm_thatIsRefused_keepsTheOtherSettingsInTheSettingsForm() {
        String name = console.newName();
        String instance = "/console/instances/" + console.register(admin, name, ConsoleFixture.UNREACHABLE_URI);
        ConsoleClient client = new ConsoleClient(console.service().endpoint());
        client.signIn(admin);

        Answer answer = client.submit(instance, instance + "/settings", Map.of("version", STALE, "assist", "true"));
        assertThat(answer.status()).isEqualTo(412);
        assertThat(answer.body()).contains("id=\"settings-name\" name=\"name\" value=\"" + name + "\"");
    }

    @Test
    void pageOf_thePathOfAForm_isThePageWithTheForm() {
        PagePaths pages = console.service().bean(PagePaths.class);
        Map<String, String> expected = Map.of(
                "/console/instances/0b6c/settings/test", "/console/instances/0b6c",
                "/console/projects/default/access-keys/AK/rotate", "/console/projects/default/access-keys/AK",
                "/console/holds/projects/default/release", "/console/holds",
                "/console/approvals/0b6c/approve", "/console/approvals",
                "/console/webhooks/0b6c/deliveries/1/redeliver", "/console/webhooks/0b6c",
                "/console/scans/0b6c", "/console/scans/0b6c",
                "/console/nonsense", "/console",
                "/docs", "/console");
        expected.forEach((path, page) -> assertThat(pages.pageOf(path)).as(path).isEqualTo(page));
    }

    /** Submits a form with the stale version, and checks that it is refused. */
    private static void assertStale(ConsoleClient client, String page, String form, Map<String, String> fields) {
        Map<String, String> allFields = new HashMap<>(fields);
        allFields.put("version", STALE);
        Answer answer = client.submit(page, page + form, allFields);
        assertThat(answer.status()).as(page + form).isEqualTo(412);
        assertThat(answer.body())
                .as(page + form)
                .contains("name=\"version\" value=\"" + STALE + "\"")
                .contains("id=\"open-again\" href=\"" + page + "\"")
                .doesNotContain("If-Match");
    }
}
