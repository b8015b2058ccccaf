package io.keysweep.server.iam.principal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.testkit.ManualClock;
import io.keysweep.testkit.Waits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how access keys are disabled, expire, are rotated and show their last use, on both databases. */
@ExtendWith(SharedServicesResolver.class)
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class AccessKeyLifeCycleIT {

    private final String dialect;
    private TestService service;
    private AccessKeyFixture keys;

    /** An administrator of the whole service, with a new project for each test. */
    private Credentials admin;

    AccessKeyLifeCycleIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void start(SharedServices services) {
        service = services.on(dialect);
        keys = new AccessKeyFixture(service);
        admin = keys.admin();
    }

    @Test
    void key_thatIsDisabled_isRefused_withTheReason_untilItIsEnabled() {
        Credentials key = keys.create("{\"actions\":[" + AccessKeyFixture.READ + "]}");
        keys.change(key, "{\"disabled\":true}", 200);

        Answer refusal = keys.instances(key);
        assertThat(refusal.status()).isEqualTo(401);
        assertThat(refusal.body().get("detail").asString()).contains(key.accessKey() + " is disabled");
        assertThat(keys.shown(key).has("disabledAt")).isTrue();

        keys.change(key, "{\"disabled\":false}", 200);
        assertThat(keys.instances(key).status()).isEqualTo(200);
        assertThat(keys.shown(key).has("disabledAt")).isFalse();

        // Callers cannot change their own key, because a mistake could lock them out.
        assertThat(keys.change(admin, "{\"disabled\":true}", 409)
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo(ErrorCode.OWN_ACCESS_KEY.code());
    }

    @Test
    void keyThatExpires_isRefusedAfterwards_andCreatesNoKeyThatLastsLonger() {
        // A key whose time of expiry is in the past is refused, until this time is removed.
        Credentials expiredKey =
                keys.create("{\"actions\":[" + AccessKeyFixture.READ + "],\"expiresAt\":\"2020-01-01T00:00:00Z\"}");
        assertThat(keys.instances(expiredKey).body().get("detail").asString())
                .contains("expired at 2020-01-01T00:00:00Z");

        keys.change(expiredKey, "{\"expiresAt\":null}", 200);
        assertThat(keys.instances(expiredKey).status()).isEqualTo(200);

        // A key whose time of expiry is in the future can create only keys that expire earlier.
        Credentials expiringKey = keys.create("{\"actions\":[\"*\"],\"expiresAt\":\"2099-01-01T00:00:00Z\"}");
        assertThat(keys.post(expiringKey, "{\"actions\":[\"dcs:instance:get\"]}")
                        .status())
                .isEqualTo(400);
        assertThat(keys.post(expiringKey, "{\"actions\":[\"dcs:instance:get\"],\"expiresAt\":\"2098-01-01T00:00:00Z\"}")
                        .status())
                .isEqualTo(201);

        // None of these texts is a time of expiry.
        for (String text : List.of("tomorrow", "+1000000000-12-31T23:59:59Z", "-1000000000-01-01T00:00:00Z")) {
            assertThat(keys.post(admin, "{\"actions\":[\"*\"],\"expiresAt\":\"" + text + "\"}")
                            .body()
                            .get("detail")
                            .asString())
                    .startsWith("expiresAt is '" + text + "', must be an instant");
        }
    }

    @Test
    void key_afterItsUse_showsTheTimeOfTheLastUse() {
        Credentials key = keys.create("{\"actions\":[" + AccessKeyFixture.READ + "]}");
        assertThat(keys.shown(key).has("lastUsedAt")).isFalse();

        keys.instances(key);

        Waits.await("the record of the use").until(() -> keys.shown(key).has("lastUsedAt"));
    }

    @Test
    void lastUse_isRecordedAlsoAfterTheClockWasSetBack() {
        Credentials key = keys.create("{\"actions\":[" + AccessKeyFixture.READ + "]}");
        ManualClock clock = new ManualClock();
        KeyUses uses = new KeyUses(service.bean(AccessKeyStore.class), service.bean(UserStore.class), clock);
        uses.record(key.accessKey());
        awaitLastUse(key, clock.instant());

        clock.advance(Duration.ofHours(-1));
        uses.record(key.accessKey());
        awaitLastUse(key, clock.instant());

        uses.destroy();
    }

    @Test
    void rotatedKey_worksBesideTheNewKey_untilTheOverlapEnds() {
        // The new key has the rights of the old one. For the default overlap, both work.
        Credentials key = keys.create("{\"actions\":[" + AccessKeyFixture.READ + "],\"policies\":[\"viewer\"]}");
        Answer rotated = service.call(admin, "POST", keys.path() + "/" + key.accessKey() + "/rotate", "");
        Credentials newKey = Credentials.of(rotated.created());
        assertThat(rotated.body().get("policies")).isEqualTo(keys.shown(key).get("policies"));
        assertThat(rotated.body().get("actions")).isEqualTo(keys.shown(key).get("actions"));
        assertThat(rotated.body().has("expiresAt")).isFalse();
        assertThat(keys.shown(key).has("expiresAt")).isTrue();
        assertThat(keys.instances(key).status()).isEqualTo(200);
        assertThat(keys.instances(newKey).status()).isEqualTo(200);

        // Without an overlap, the old key expires immediately. An expired key cannot be rotated.
        String rotateNewKey = keys.path() + "/" + newKey.accessKey() + "/rotate";
        assertThat(service.call(admin, "POST", rotateNewKey, "{\"overlapMinutes\":0}")
                        .status())
                .isEqualTo(201);
        assertThat(keys.instances(newKey).status()).isEqualTo(401);
        assertThat(service.call(admin, "POST", rotateNewKey, "")
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo(ErrorCode.ACCESS_KEY_UNUSABLE.code());
        assertThat(service.call(newKey, "POST", rotateNewKey, "").status()).isEqualTo(401);

        // A key that may manage keys may rotate itself.
        assertThat(service.call(admin, "POST", keys.path() + "/" + admin.accessKey() + "/rotate", "")
                        .status())
                .isEqualTo(201);
    }

    private void awaitLastUse(Credentials key, Instant at) {
        Waits.await("the record of the use")
                .until(() -> keys.shown(key).path("lastUsedAt").asString("").equals(at.toString()));
    }
}
