package io.keysweep.server.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.error.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * Tests instances in the native API whose servers have raised settings.
 *
 * <p>Assist raises settings of a server for a while. The service needs the instance and its address to restore them.
 */
class RaisedSettingsIT extends InstancesTestCase {

    @Test
    void changeOfTheAddress_whileSettingsAreRaised_isRefusedForAnHour() {
        String id = service.register(key, "raised", redis.uri());
        Instant since = service.bean(InstantSource.class).instant().truncatedTo(ChronoUnit.MILLIS);
        JdbcClient jdbc = service.bean(JdbcClient.class);
        leaveRaised(id, "192.0.2.1:6379", since);

        String changeOfAddress = "{\"uri\":\"" + guarded.uri() + "\"}";
        String reason = "uri or nodeMap differs, but assist has raised settings of 192.0.2.1:6379: the service restores"
                + " them as soon as that server answers. The change is possible then, and in any case from "
                + since.plus(Duration.ofHours(1)) + " on.";

        Answer refused = service.call(key, "PATCH", INSTANCES + "/" + id, changeOfAddress);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.fieldProblems()).containsExactly(reason);

        // A fleet document cannot change the address either. Other changes are accepted.
        Answer fleet = service.call(
                key,
                "POST",
                INSTANCES + "/apply?dryRun=true",
                "{\"instances\":[{\"name\":\"raised\",\"uri\":\"" + guarded.uri() + "\"}]}");
        assertThat(fleet.status()).isEqualTo(400);
        assertThat(fleet.fieldProblems()).singleElement().asString().endsWith(reason);
        assertThat(service.call(key, "PATCH", INSTANCES + "/" + id, "{\"name\":\"still raised\"}")
                        .status())
                .isEqualTo(200);

        // After an hour, the address can be changed.
        jdbc.sql("update raised_settings set since = :since where instance_id = :id")
                .param("since", since.minus(Duration.ofHours(1)).atOffset(ZoneOffset.UTC))
                .param("id", UUID.fromString(id))
                .update();
        assertThat(service.call(key, "PATCH", INSTANCES + "/" + id, changeOfAddress)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void removal_whileSettingsAreLeftRaised_isRefusedUnlessForced_andNamesTheCommands() {
        Credentials teamKey = service.project("left raised");
        String id = service.register(teamKey, "left", redis.uri());
        String path = INSTANCES + "/" + id;
        assertThat(service.call(teamKey, "GET", path, "").body().get("raisedSettings"))
                .isEmpty();
        // This is longer ago than the address of an instance is protected.
        Instant since = Instant.parse("2026-01-01T00:00:00Z");
        leaveRaised(id, "192.0.2.7:6379", since);

        // The instance shows the settings, alone and in the list.
        JsonNode raised = service.call(teamKey, "GET", path, "").body().get("raisedSettings");
        assertThat(raised.toString())
                .isEqualTo("[{\"address\":\"192.0.2.7:6379\",\"since\":\"2026-01-01T00:00:00Z\",\"leftover\":true,"
                        + "\"settings\":[{\"name\":\"hz\",\"former\":\"10\",\"raised\":\"500\"},"
                        + "{\"name\":\"active-expire-effort\",\"former\":\"1\",\"raised\":\"10\"}],"
                        + "\"commands\":[\"CONFIG SET active-expire-effort 1\",\"CONFIG SET hz 10\"]}]");
        assertThat(service.call(teamKey, "GET", INSTANCES, "").body().get(0).get("raisedSettings"))
                .isEqualTo(raised);

        // Neither a request nor a fleet document removes the instance.
        Answer refused = service.call(teamKey, "DELETE", path, "");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().get("code").asString()).isEqualTo(ErrorCode.SETTINGS_RAISED.code());
        assertThat(refused.body().get("detail").asString())
                .contains("192.0.2.7:6379: CONFIG SET active-expire-effort 1; CONFIG SET hz 10.");
        Answer fleet = service.call(teamKey, "POST", INSTANCES + "/apply?prune=true", "{\"instances\":[]}");
        assertThat(fleet.status()).isEqualTo(400);
        assertThat(fleet.fieldProblems())
                .singleElement()
                .asString()
                .contains("'left'", "settings of 192.0.2.7:6379 raised");

        // With force, the answer and the audit log keep the commands.
        Answer removed = service.call(teamKey, "DELETE", path + "?force=true", "");
        assertThat(removed.status()).isEqualTo(200);
        assertThat(removed.body().get("raisedSettings")).isEqualTo(raised);
        assertThat(service.call(teamKey, "GET", path, "").status()).isEqualTo(404);
        assertThat(service.call(key, "GET", "/api/v1/audit?action=removeInstance&resource=" + id, "")
                        .response()
                        .body())
                .contains("192.0.2.7:6379: CONFIG SET active-expire-effort 1; CONFIG SET hz 10");
    }

    /** A server that no longer exists must not be a problem of its instance for ever. */
    @Test
    void raisedSettings_thatAreForgotten_areInTheAnswerAndTheAuditLog_andTheInstanceCanBeRemoved() {
        String id = service.register(key, "forgetful", redis.uri());
        leaveRaised(id, "192.0.2.9:6379", Instant.parse("2026-01-01T00:00:00Z"));
        String path = INSTANCES + "/" + id;

        Answer forgotten = service.call(key, "DELETE", path + "/raised-settings", "");

        assertThat(forgotten.status()).isEqualTo(200);
        assertThat(forgotten.body().findValuesAsString("address")).containsExactly("192.0.2.9:6379");
        assertThat(service.call(key, "GET", path, "").body().get("raisedSettings"))
                .isEmpty();
        assertThat(service.call(key, "GET", "/api/v1/audit?action=forgetRaisedSettings&resource=" + id, "")
                        .response()
                        .body())
                .contains("192.0.2.9:6379: CONFIG SET active-expire-effort 1; CONFIG SET hz 10");
        assertThat(service.call(key, "DELETE", path + "/raised-settings", "").body())
                .isEmpty();
        assertThat(service.call(key, "DELETE", path, "").status()).isEqualTo(204);
    }

    @Test
    void removal_byForce_ofAnInstanceWithoutRaisedSettings_namesNone() {
        String id = service.register(key, "forced", redis.uri());

        Answer removed = service.call(key, "DELETE", INSTANCES + "/" + id + "?force=true", "");

        assertThat(removed.status()).isEqualTo(200);
        assertThat(removed.body().get("raisedSettings")).isEmpty();
    }

    /** Stores that assist has raised settings of a server, and that no sweep uses the server now. */
    private void leaveRaised(String instanceId, String address, Instant since) {
        service.bean(JdbcClient.class)
                .sql("""
                        insert into raised_settings (address, instance_id, scan_id, round, node_id, attempt, in_use,
                            deployment, run_id, since, changes)
                        values (:address, :id, :id, 1, 'n', 1, false, 'elsewhere', '0f', :since,
                            'hz 10 500;active-expire-effort 1 10')
                        """)
                .param("address", address)
                .param("id", UUID.fromString(instanceId))
                .param("since", since.atOffset(ZoneOffset.UTC))
                .update();
    }
}
