package io.keysweep.server.ceiling;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.error.ErrorCode;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Tests that a scan above its ceilings starts only if a second person approves it, where a tag allows that.
 *
 * <p>A ceiling is a value of the pace that no scan may exceed without approval.
 */
class ScanApprovalIT extends CeilingsTesting {

    /** Fields of a pace above the ceilings that {@link #setCeilingsWithApproval} sets. */
    private static final String PACE_ABOVE_CEILINGS = "\"profile\":\"full\",\"rateCeiling\":150";

    @Test
    void scanAboveCeilings_whereATagAllowsIt_startsAfterTheApprovalByASecondKey() {
        setCeilingsWithApproval();
        Answer asked = create(PACE_ABOVE_CEILINGS);

        assertThat(asked.status()).as(asked.response().body()).isEqualTo(202);

        // The request is pending, and says by which ceilings it needs an approval.
        String request = asked.header("Location");
        assertThat(asked.body().get("state").asString()).isEqualTo("pending");
        assertThat(asked.body().get("asked").asString()).isEqualTo("profile full, at most 150 keys/s");
        assertThat(asked.body().get("above").asString())
                .contains("rateCeiling is '150', must be at most 100 (maxRate of the tag env).");

        // While it is pending, a repeated scan request leads to it, and a scan request with another pace is refused.
        assertThat(create(PACE_ABOVE_CEILINGS).header("Location")).isEqualTo(request);
        assertThat(create("\"profile\":\"balanced\"").body().get("code").asString())
                .isEqualTo(ErrorCode.APPROVAL_PENDING.code());

        // Neither the requesting key nor a key without the permission can approve.
        assertThat(service.call(projectAdmin, "POST", request + "/approve", "")
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo(ErrorCode.OWN_REQUEST.code());
        assertThat(service.call(starter, "POST", request + "/approve", "").status())
                .isEqualTo(403);

        // A second key approves. The scan has the requested pace, and its timeline names the approver and the reason.
        Credentials secondKey = accessKey();
        Answer approved = service.call(secondKey, "POST", request + "/approve", "{\"reason\":\"INC-7\"}");
        assertThat(approved.status()).as(approved.response().body()).isEqualTo(200);

        String path = "/api/v1/scans/" + approved.body().get("scanId").asString();
        JsonNode scan = service.call(starter, "GET", path, "").body();

        assertThat(scan.get("pace").get("profile").asString()).isEqualTo("full");
        assertThat(scan.get("pace").get("share").asDouble()).isEqualTo(1);
        assertThat(scan.get("pace").get("rateCeiling").asLong()).isEqualTo(150);
        assertThat(service.call(starter, "GET", path + "/timeline", "").body().toString())
                .contains("\"approved\"", secondKey.accessKey(), "INC-7", "profile full, at most 150 keys/s");
        assertThat(service.call(secondKey, "POST", request + "/reject", "")
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo(ErrorCode.APPROVAL_OVER.code());

        cancel(path);
    }

    @Test
    void requestAboveCeilings_isRejectedByASecondKey() {
        setCeilingsWithApproval();
        String request = create(PACE_ABOVE_CEILINGS).header("Location");

        assertThat(service.call(accessKey(), "POST", request + "/reject", "")
                        .body()
                        .get("state")
                        .asString())
                .isEqualTo("rejected");
        assertThat(service.call(starter, "GET", "/api/v1/approvals", "").body()).hasSize(1);
    }

    @Test
    void requestAboveCeilings_whoseKeyWasWithdrawn_cannotBeApproved() {
        setCeilingsWithApproval();
        Credentials requester = accessKey();
        Answer asked = service.call(
                requester,
                "POST",
                "/api/v1/scans",
                "{\"instanceId\":\"" + instanceId + "\"," + PACE_ABOVE_CEILINGS + "}");
        assertThat(asked.status()).isEqualTo(202);

        assertThat(service.call(
                                projectAdmin,
                                "DELETE",
                                "/api/v1/projects/" + projectAdmin.projectId() + "/access-keys/"
                                        + requester.accessKey(),
                                "")
                        .status())
                .isEqualTo(204);

        Answer refused = service.call(projectAdmin, "POST", asked.header("Location") + "/approve", "");
        assertThat(refused.body().get("code").asString()).isEqualTo(ErrorCode.APPROVAL_OVER.code());
        assertThat(refused.body().get("detail").asString()).contains(requester.accessKey() + " may not scan");
    }

    @Test
    void scanAboveCeilings_thatAKeyOfAUserRequests_cannotBeApprovedByTheSameUser() {
        setProjectCeilings("{\"maxProfile\":\"gentle\",\"tags\":[{\"key\":\"env\",\"needsApproval\":true}]}");
        String name = "asker-" + UUID.randomUUID();
        String password = "correct horse battery";

        assertThat(service.call(
                                admin,
                                "POST",
                                "/api/v1/projects/" + starter.projectId() + "/users",
                                "{\"name\":\"" + name + "\",\"password\":\"" + password
                                        + "\",\"policies\":[\"administrator\"]}")
                        .status())
                .isEqualTo(201);

        // The user requests the scan with one key, and tries to approve it with another key and with a token.
        Credentials firstKey = accessKey("{\"userId\":\"" + name + "\"}");
        Credentials secondKey = accessKey("{\"userId\":\"" + name + "\"}");
        Answer asked = service.call(
                firstKey, "POST", "/api/v1/scans", "{\"instanceId\":\"" + instanceId + "\",\"profile\":\"full\"}");
        assertThat(asked.status()).as(asked.response().body()).isEqualTo(202);

        String approve = asked.header("Location") + "/approve";
        assertThat(service.call(secondKey, "POST", approve, "")
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo(ErrorCode.OWN_REQUEST.code());

        String token = service.send(
                        "POST",
                        "/v3/auth/tokens",
                        Map.of("Content-Type", "application/json"),
                        "{\"auth\":{\"identity\":{\"password\":{\"user\":{\"name\":\"" + name + "\",\"password\":\""
                                + password + "\"}}}}}")
                .header("X-Subject-Token");
        assertThat(service.send("POST", approve, Map.of("X-Auth-Token", token), "")
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo(ErrorCode.OWN_REQUEST.code());

        // Another caller can approve.
        Answer approved = service.call(projectAdmin, "POST", approve, "");
        assertThat(approved.status()).as(approved.response().body()).isEqualTo(200);

        cancel("/api/v1/scans/" + approved.body().get("scanId").asString());
    }

    /** Sets ceilings of instances with the tag env. Scans above these ceilings need an approval. */
    private void setCeilingsWithApproval() {
        setProjectCeilings(
                "{\"tags\":[{\"key\":\"env\",\"maxProfile\":\"gentle\",\"maxRate\":100,\"needsApproval\":true}]}");
    }
}
