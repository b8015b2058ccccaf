package io.keysweep.server.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tests the tags of instances in the native API: merging, removal, rules and limits. */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InstanceTagsIT {

    /** The greatest number of tags of an instance. */
    private static final int MAX_TAGS = 20;

    /** The greatest length of the key of a tag. */
    private static final int MAX_KEY_LENGTH = 128;

    /** The greatest length of the value of a tag. */
    private static final int MAX_VALUE_LENGTH = 255;

    private static final String NOWHERE = "redis://127.0.0.1:1";

    private TestService service;
    private Credentials key;

    @BeforeAll
    void start(SharedServices services) {
        service = services.h2();
        key = service.newAdministrator("tags");
    }

    @Test
    void changeOfTags_inTheNativeApi_mergesThem_andNullRemovesThem() {
        Credentials teamKey = service.project("tags-" + UUID.randomUUID());
        ObjectNode body =
                new JsonMapper().createObjectNode().put("name", "tagged").put("uri", NOWHERE);
        body.putObject("tags").put("env", "dev").put("owner", "x");
        String path = "/api/v1/instances/" + service.register(teamKey, body);

        // One tag gets another value, one is removed, and one is new.
        Answer merged =
                service.call(teamKey, "PATCH", path, "{\"tags\":{\"env\":\"prod\",\"owner\":null,\"n\":\"1\"}}");

        assertThat(merged.body().get("tags").toString()).isEqualTo("{\"env\":\"prod\",\"n\":\"1\"}");
        assertThat(merged.header("ETag")).isEqualTo("\"2\"");
        assertThat(service.call(teamKey, "PATCH", path, "{\"name\":\"renamed\"}")
                        .body()
                        .get("tags")
                        .toString())
                .isEqualTo("{\"env\":\"prod\",\"n\":\"1\"}");
        assertThat(service.call(teamKey, "PATCH", path, "{\"tags\":null}")
                        .body()
                        .get("tags")
                        .toString())
                .isEqualTo("{}");

        // A fleet document replaces the tags. The DCS API finds the instance by them.
        String fleet = "{\"instances\":[{\"name\":\"renamed\",\"uri\":\"" + NOWHERE + "\",\"tags\":{\"env\":\"qa\"}}]}";
        Answer applied = service.call(teamKey, "POST", "/api/v1/instances/apply", fleet);

        assertThat(applied.body().at("/changes/0/fields/0").asString()).isEqualTo("tags");
        assertThat(service.call(teamKey, "POST", "/api/v1/instances/apply", fleet)
                        .body()
                        .at("/changes/0/action")
                        .asString())
                .isEqualTo("unchanged");
        assertThat(service.call(teamKey, "GET", "/v2/" + teamKey.projectId() + "/instances?tags=env=qa", "")
                        .body()
                        .get("instance_num")
                        .asInt())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"x\"                    | tags is",
                "[\"env\"]                | tags is",
                "{\"\":\"x\"}             | tags.",
                "{\" a\":\"x\"}           | tags. a",
                "{\"_sys_a\":\"x\"}       | tags._sys_a",
                "{\"a,b\":\"x\"}          | tags.a,b",
                "{\"a/b\":\"x\"}          | tags.a/b",
                "{\"a\":1}                | tags.a is '1'",
                "{\"a\":true}             | tags.a is 'true'",
                "{\"a\":\"x \"}           | tags.a is 'x '",
                "{\"a\":\"x,y\"}          | tags.a is 'x,y'",
                "{\"a\":\"<b>\"}          | tags.a is",
            })
    void tags_thatBreakARule_areRefused_withTheirKey(String tags, String problem) {
        Answer refusal = service.call(
                key,
                "POST",
                "/api/v1/instances",
                "{\"name\":\"bad\",\"uri\":\"" + NOWHERE + "\",\"tags\":" + tags + "}");

        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.body().get("detail").asString()).contains(problem, "must be");
    }

    @Test
    void tags_aboveTheLimits_areRefused() {
        Credentials teamKey = service.project("limits-" + UUID.randomUUID());
        ObjectNode body =
                new JsonMapper().createObjectNode().put("name", "limits").put("uri", NOWHERE);
        ObjectNode tags = body.putObject("tags");
        for (int i = 10; i < 10 + MAX_TAGS; i++) {
            // The number has two digits.
            tags.put("k".repeat(MAX_KEY_LENGTH - 2) + i, "v".repeat(MAX_VALUE_LENGTH));
        }
        String path = "/api/v1/instances/" + service.register(teamKey, body);

        // The instance has as many tags as possible, and the longest ones.
        Answer oneMore = service.call(teamKey, "PATCH", path, "{\"tags\":{\"more\":\"x\"}}");

        assertThat(oneMore.body().get("detail").asString()).isEqualTo("tags have 21 keys, must be at most 20.");

        for (String tooLong :
                new String[] {"k".repeat(MAX_KEY_LENGTH + 1) + "\":\"x", "k\":\"" + "v".repeat(MAX_VALUE_LENGTH + 1)}) {
            assertThat(service.call(teamKey, "PATCH", path, "{\"tags\":{\"" + tooLong + "\"}}")
                            .status())
                    .isEqualTo(400);
        }
    }
}
