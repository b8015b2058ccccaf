package io.keysweep.server.iam.principal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** Calls the service for the tests of access keys and policies, as an administrator with a new project. */
final class AccessKeyFixture {

    /** The actions of a key that may read instances, as a JSON list without brackets. */
    static final String READ = "\"dcs:instance:list\",\"dcs:instance:get\"";

    private final TestService service;
    private final Credentials admin;

    /** Creates an administrator with a separate project. */
    AccessKeyFixture(TestService service) {
        this.service = service;
        this.admin = service.newAdministrator("principals " + UUID.randomUUID());
    }

    /** Returns the administrator, who has all rights. */
    Credentials admin() {
        return admin;
    }

    /** Requests the list of the instances that a key sees. */
    Answer instances(Credentials key) {
        return service.call(key, "GET", "/api/v1/instances", "");
    }

    /** Returns a key as the API shows it. */
    JsonNode shown(Credentials key) {
        return service.call(admin, "GET", path() + "/" + key.accessKey(), "").body();
    }

    /** Changes a key as the administrator, and requires the status of the answer. */
    Answer change(Credentials key, String body, int expectedStatus) {
        Answer changeAnswer = changeBy(admin, key, body);
        assertThat(changeAnswer.status()).as(changeAnswer.response().body()).isEqualTo(expectedStatus);
        return changeAnswer;
    }

    /** Changes a key as another caller, who can be refused. */
    Answer changeBy(Credentials caller, Credentials key, String body) {
        return service.call(caller, "PATCH", path() + "/" + key.accessKey(), body);
    }

    /** Sets the statements of a policy, and requires the status of the answer. */
    Answer setPolicy(Credentials caller, String name, String statements, int expectedStatus) {
        Answer set = service.call(caller, "PUT", policies() + "/" + name, "{\"statements\":[" + statements + "]}");
        assertThat(set.status()).as(set.response().body()).isEqualTo(expectedStatus);
        return set;
    }

    /** Creates a key as the administrator. */
    Credentials create(String body) {
        return service.newKey(admin, admin.projectId(), body);
    }

    /** Requests a key, which can be refused. */
    Answer post(Credentials caller, String body) {
        return service.call(caller, "POST", path(), body, Map.of());
    }

    /** Returns the path of the access keys of the project. */
    String path() {
        return "/api/v1/projects/" + admin.projectId() + "/access-keys";
    }

    /** Returns the path of the access policies of the project. */
    String policies() {
        return "/api/v1/projects/" + admin.projectId() + "/access-policies";
    }
}
