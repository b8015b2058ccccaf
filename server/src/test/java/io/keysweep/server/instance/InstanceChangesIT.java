package io.keysweep.server.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.egress.EgressGate;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.request.IdempotencyStore;
import io.keysweep.server.scan.ScanType;
import io.keysweep.server.scan.Scans;
import io.keysweep.testkit.Waits;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionTemplate;

/** Tests in the native API how instances change and are removed, also while a scan or an inspection uses them. */
class InstanceChangesIT extends InstancesTestCase {

    @Test
    void changeOfOneField_keepsTheOthersAndThePassword() {
        String path = INSTANCES + "/"
                + service.register(key, body("named", guarded.uri()).put("password", PASSWORD));
        Answer renamed = patch(path, "{\"name\":\"renamed\"}", "\"1\"");

        assertThat(renamed.status()).isEqualTo(200);
        assertThat(renamed.header("ETag")).isEqualTo("\"2\"");
        assertThat(renamed.body().get("name").asString()).isEqualTo("renamed");
        assertThat(renamed.body().get("hasPassword").asBoolean()).isTrue();
        assertThat(renamed.body().has("problem")).isFalse();
        assertThat(renamed.body().get("updatedAt").asString()).isNotBlank();
        assertThat(renamed.response().body()).doesNotContain(PASSWORD);

        // A stale revision is refused. A change to the same values keeps the revision.
        assertThat(patch(path, "{\"name\":\"x\"}", "\"1\"").status()).isEqualTo(412);
        assertThat(patch(path, "{\"name\":\"renamed\"}", "*").header("ETag")).isEqualTo("\"2\"");
        assertThat(patch(path, "{\"password\":\"wrong\"}", "*")
                        .body()
                        .get("problem")
                        .asString())
                .contains("password");

        Answer changed = patch(path, "{\"password\":null}", "*");
        assertThat(changed.body().get("hasPassword").asBoolean()).isFalse();
    }

    @Test
    void changeOfTheUri_thatKeepsThePassword_isRefused_soThatNoOtherServerGetsIt() {
        String path = INSTANCES + "/"
                + service.register(key, body("moved", guarded.uri()).put("password", PASSWORD));
        Answer refused = patch(path, "{\"uri\":\"" + redis.uri() + "\"}", "*");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.fieldProblems())
                .containsExactly(
                        "password is kept, but a change of uri could give it to another server: send it again, or"
                                + " remove it.");

        // The change is accepted if it removes the password, or contains it.
        Answer moved = patch(path, "{\"uri\":\"" + redis.uri() + "\",\"password\":null}", "*");
        assertThat(moved.status()).isEqualTo(200);
        assertThat(moved.body().get("uri").asString()).isEqualTo(redis.uri());
        assertThat(moved.body().has("problem")).isFalse();

        String uriWithPassword = guarded.uri().replace("redis://", "redis://:secret%20one@");
        assertThat(patch(path, "{\"uri\":\"" + uriWithPassword + "\"}", "*")
                        .body()
                        .has("problem"))
                .isFalse();
    }

    @Test
    void changeOfTheAddress_whileAScanIsActive_isRefused_butTheNameCanBeChanged() {
        Credentials teamKey = service.project("busy instances");
        String id = service.register(teamKey, "busy", redis.uri());
        service.call(teamKey, "PUT", "/api/v1/projects/" + teamKey.projectId() + "/hold", "");
        service.call(teamKey, "POST", "/api/v1/scans", "{\"instanceId\":\"" + id + "\"}");
        Answer changeOfAddress =
                service.call(teamKey, "PATCH", INSTANCES + "/" + id, "{\"uri\":\"" + guarded.uri() + "\"}");

        assertThat(changeOfAddress.status()).isEqualTo(409);
        assertThat(changeOfAddress.body().get("code").asString()).isEqualTo(ErrorCode.INSTANCE_BUSY.code());
        assertThat(service.call(teamKey, "PATCH", INSTANCES + "/" + id, "{\"name\":\"still busy\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void removalOfAnInstance_whileAScanIsBeingCreated_refusesTheCreation() throws InterruptedException {
        Instance instance = stored(service.register(key, "removed while scanned", redis.uri()));
        Scans scans = service.bean(Scans.class);
        AtomicBoolean created = new AtomicBoolean();
        Thread creation = new Thread(() -> {
            scans.create(
                    instance, ScanType.MANUAL, "test", /* why= */ null, Duration.ofHours(1), /* rateCeiling= */ null);
            created.set(true);
        });

        // The creation is refused, as it should be. Without this handler, the JVM would print the exception.
        creation.setUncaughtExceptionHandler((thread, refusal) -> {});
        InstanceChanges changes = new InstanceChanges(
                service.bean(InstanceStore.class),
                service.bean(IdempotencyStore.class),
                id -> {
                    boolean exists = scans.exists(id);
                    creation.start();
                    // The creation waits for the lock of this removal, or has done its work.
                    Waits.await("the creation of the scan waits or has ended")
                            .until(() -> !creation.isAlive() || isWaiting(creation));
                    return exists;
                },
                service.bean(RaisedServers.class),
                service.bean(EgressGate.class),
                service.bean(TransactionTemplate.class),
                service.bean(ServiceSettings.class),
                service.bean(InstantSource.class));

        changes.remove(instance, /* force= */ false);

        creation.join();
        assertThat(service.bean(InstanceStore.class).find(instance.id())).isEmpty();
        assertThat(created).isFalse();
    }

    @Test
    void inspection_ofTheFormerAddress_endingAfterAChange_keepsTheNewResult() {
        Instance before = stored(service.register(key, "moved while inspected", guarded.uri()));
        assertThat(patch(INSTANCES + "/" + before.id(), "{\"uri\":\"" + redis.uri() + "\"}", "*")
                        .status())
                .isEqualTo(200);

        service.bean(Instances.class).refresh(before);

        InstanceObservation result =
                Objects.requireNonNull(stored(before.id().toString()).observation());
        assertThat(result.problem()).isNull();
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.TIMED_WAITING || thread.getState() == Thread.State.WAITING;
    }

    private Instance stored(String id) {
        return service.bean(InstanceStore.class).find(UUID.fromString(id)).orElseThrow();
    }
}
