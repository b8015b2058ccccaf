package io.keysweep.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.ServiceExit;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Tests {@code keysweep server recover-admin} on a service whose access keys are all lost. */
class RecoverAdminIT {

    private static final Pattern KEY = Pattern.compile(
            "project id +([0-9a-f]{32})\\s+access key +([A-Z0-9]{20})\\s+secret key +([A-Za-z0-9]{40})");

    @TempDir
    private Path home;

    @Test
    void recoverAdmin_onH2_isRefusedWhileTheServiceRuns_andWorksAfterItsStop() throws Exception {
        Credentials lostKey;
        try (TestService service = TestService.start(home, Map.of())) {
            lostKey = service.administrator();
            service.bean(JdbcClient.class).sql("delete from access_key").update();

            // The running service uses the file of the database.
            ServiceExit busy = ServiceExit.ofRecoverAdmin(home, Map.of());
            assertThat(busy.exitCode()).isEqualTo(ServiceExit.FAILED);
            assertThat(busy.output())
                    .contains("Another keysweep server uses the data folder")
                    .doesNotContain("\tat ");
        }
        ServiceExit exit = ServiceExit.ofRecoverAdmin(home, Map.of());

        assertThat(exit.exitCode()).as(exit.output()).isZero();

        try (TestService service = TestService.start(home, Map.of())) {
            assertIsAdministrator(service, exit, lostKey);
        }
    }

    @Test
    void recoverAdmin_onPostgres_worksWhileTheServiceRuns() throws Exception {
        Map<String, String> variables = Map.of("KEYSWEEP_DATABASE_URL", TestDatabase.postgresUrl());
        try (TestService service = TestService.start(home, variables)) {
            service.bean(JdbcClient.class).sql("delete from access_key").update();

            ServiceExit exit = ServiceExit.ofRecoverAdmin(home, variables);

            assertThat(exit.exitCode()).as(exit.output()).isZero();
            assertIsAdministrator(service, exit, service.administrator());
        }
    }

    @Test
    void recoverAdmin_inAFolderWithoutAService_saysThatTheMasterKeyIsMissing() throws Exception {
        ServiceExit exit = ServiceExit.ofRecoverAdmin(home, Map.of());

        assertThat(exit.exitCode()).isEqualTo(ServiceExit.FAILED);
        assertThat(exit.output())
                .contains("master.key is missing", "KEYSWEEP_HOME")
                .doesNotContain("\tat ");
        assertThat(home).isEmptyDirectory();
    }

    /** Checks that the command has printed a new administrator's key of the first project and recorded it. */
    private static void assertIsAdministrator(TestService service, ServiceExit ended, Credentials lostKey) {
        Matcher printed = KEY.matcher(ended.output());
        assertThat(printed.find()).as(ended.output()).isTrue();
        Credentials key = new Credentials(printed.group(1), printed.group(2), printed.group(3));
        assertThat(key.projectId()).isEqualTo(lostKey.projectId());
        assertThat(ended.output()).containsOnlyOnce(key.secretKey());
        assertThat(ended.output()).contains("recover-admin: ", "created access key " + key.accessKey());

        // The audit log has an entry about the new key, and none of its secret.
        JsonNode entries = service.call(key, "GET", "/api/v1/audit?action=recoverAdmin", "")
                .body()
                .get("entries");
        assertThat(entries.size()).isEqualTo(1);
        assertThat(entries.at("/0/resource/id").asString()).isEqualTo(key.accessKey());
        assertThat(entries.at("/0/actor/kind").asString()).isEqualTo("offline");
        assertThat(entries.toString()).doesNotContain(key.secretKey());
        assertThat(service.call(key, "GET", "/api/v1/audit/verify", "")
                        .body()
                        .get("intact")
                        .asBoolean())
                .isTrue();

        // The new key has all permissions.
        String keys = "/api/v1/projects/" + key.projectId() + "/access-keys";
        assertThat(service.call(key, "POST", keys, "{\"actions\":[\"*\"]}").status())
                .isEqualTo(201);
    }
}
