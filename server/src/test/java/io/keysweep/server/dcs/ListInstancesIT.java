package io.keysweep.server.dcs;

import static io.keysweep.server.dcs.DcsErrors.assertDcsError;
import static org.assertj.core.api.Assertions.assertThat;

import com.huaweicloud.sdk.dcs.v2.DcsClient;
import com.huaweicloud.sdk.dcs.v2.model.InstanceListInfo;
import com.huaweicloud.sdk.dcs.v2.model.ListInstancesRequest;
import com.huaweicloud.sdk.dcs.v2.model.ResourceTag;
import com.huaweicloud.sdk.dcs.v2.model.ShowInstanceRequest;
import com.huaweicloud.sdk.dcs.v2.model.ShowInstanceResponse;
import com.huaweicloud.sdk.dcs.v2.model.ShowTagsRequest;
import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.Replication;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tests the operation ListInstances of the DCS API: its filters, and what it shows of servers that are up or down.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API the service also offers.
 */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListInstancesIT {

    /** The URI of a server that is down, because nothing listens on this port. */
    private static final String NOWHERE = "redis://127.0.0.1:1";

    private static final long MEBIBYTE = 1L << 20;

    private TestService service;
    private Credentials key;
    private RedisServer small;
    private RedisServer large;
    private String instances;

    @BeforeAll
    void start(SharedServices services) {
        service = services.h2();
        key = service.newAdministrator("listed instances");
        instances = "/v2/" + key.projectId() + "/instances";
        small = RedisServer.start(RedisVersion.REDIS_7_0, "--maxmemory", String.valueOf(128 * MEBIBYTE));
        large = RedisServer.start(RedisVersion.REDIS_7_0, "--maxmemory", String.valueOf(2560 * MEBIBYTE));
        register("small", small.uri(), "{\"env\":\"dev\",\"team\":\"a\"}");
        register("large", large.uri(), "{\"env\":\"prod\",\"team\":\"a\",\"note\":\"\"}");
        register("down", NOWHERE, "{\"env\":\"dev\",\"a\":\"b=c\",\"\u5730\u533a\":\"\u5317\u4eac 1\"}");
        register("untagged", NOWHERE, "null");
    }

    @AfterAll
    void stop() {
        small.close();
        large.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // query of the request, names of the listed instances
                "                                  | down,large,small,untagged",
                "tags=env=dev                      | down,small",
                "tags=env%3Ddev                    | down,small",
                "tags=env=dev,team=a               | small",
                "tags=env=dev&tags=team=a          | small",
                "tags=env=prod,env=dev             | ",
                "tags=env=de                       | ",
                "tags=ENV=dev                      | ",
                "tags=env=dev%20                   | ",
                "tags=note=                        | large",
                "tags=env=                         | ",
                "tags=a=b=c                        | down",
                "tags=%E5%9C%B0%E5%8C%BA=%E5%8C%97%E4%BA%AC%201 | down",
                "tags=none=x                       | ",
                "tags=env=dev&limit=1              | down",
                "tags=env=dev&offset=1             | small",
                "tags=env=dev&status=RUNNING       | small",
                "capacity=0.125                    | small",
                "capacity=0.1250                   | small",
                "capacity=2                        | large",
                "capacity=2.0                      | large",
                "capacity=4                        | ",
                "capacity=0                        | ",
                "enterprise_project_id=0           | down,large,small,untagged",
                "enterprise_project_id=all_granted_eps | down,large,small,untagged",
                "enterprise_project_id=e5c5b0c2-0d2a-4b5e-8a8e-1f6b2a1f0c11 | ",
                "include_failure=true&include_delete=true | down,large,small,untagged",
                "name=A                            | large,small,untagged",
                "name=small&name_equal=true        | small",
                "name=smal&name_equal=true         | ",
                "name=smal&name_equal=false        | small",
                "ip=127.0.0.1                      | down,large,small,untagged",
                "ip=127.0.0                        | ",
                "ip=127.0.0.11                     | ",
                "status=ERROR                      | down,untagged",
                "status=FROZEN                     | ",
                "instance_id=nonsense              | ",
            })
    void list_withAFilter_hasOnlyTheInstancesThatMatch(String query, String names) {
        JsonNode list = service.call(key, "GET", instances + "?" + (query == null ? "" : query), "")
                .body();

        assertThat(list.get("instances").values().stream()
                        .map(instance -> instance.get("name").asString())
                        .toList())
                .as(list.toString())
                .isEqualTo(names == null ? List.of() : List.of(names.split(",")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tags=",
                "tags=env",
                "tags==dev",
                "tags=env=dev,",
                "tags=env=dev,team",
                "capacity=",
                "capacity=x",
                "capacity=-1",
                "capacity=1e9",
                "capacity=000000000000000000000000000000000001",
                "tag=env=dev",
                "Tags=env=dev",
                "unknown=1",
                "status=RUNNING&status=ERROR",
                "name=a&name=b",
                "limit=1&limit=1",
                "status=running",
                "status=",
                "name_equal=TRUE",
                "include_failure=x",
                "include_delete=1",
            })
    void list_withAFilterThatCannotBeApplied_isRefused_withItsName(String query) {
        String name = query.substring(0, query.indexOf('='));

        assertDcsError(
                service.call(key, "GET", instances + "?" + query, ""),
                400,
                "DCS.4800",
                "Invalid " + name + " in the request.",
                name + " is '");
    }

    @Test
    void officialSdk_filtersByTags_andReadsTagsAndCapacity() {
        // The list shows the tags, and the capacity in GB.
        DcsClient client = service.sdk(key);
        List<InstanceListInfo> listed = client.listInstances(new ListInstancesRequest().withTags("env=prod,team=a"))
                .getInstances();
        assertThat(listed).singleElement().satisfies(instance -> {
            assertThat(instance.getName()).isEqualTo("large");
            assertThat(instance.getTags()).containsExactly(tag("env", "prod"), tag("note", ""), tag("team", "a"));
            assertThat(instance.getCapacity()).isEqualTo(2);
            assertThat(instance.getCapacityMinor()).isNull();
        });

        // So does a single instance. A capacity below 1 GB is in a field of its own.
        ShowInstanceResponse shown = client.showInstance(new ShowInstanceRequest()
                .withInstanceId(client.listInstances(new ListInstancesRequest().withName("small"))
                        .getInstances()
                        .getFirst()
                        .getInstanceId()));
        assertThat(shown.getTags()).containsExactly(tag("env", "dev"), tag("team", "a"));
        assertThat(client.showTags(new ShowTagsRequest().withInstanceId(shown.getInstanceId()))
                        .getTags())
                .containsExactly(tag("env", "dev"), tag("team", "a"));
        assertThat(shown.getCapacity()).isZero();
        assertThat(shown.getCapacityMinor()).isEqualTo("0.125");
        assertThat(shown.getMaxMemory()).isEqualTo(128);
    }

    @Test
    void instanceWhoseServerGoesDown_keepsTheLastKnownValues() {
        String id;
        RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0, "--maxmemory", String.valueOf(64 * MEBIBYTE));
        try (RedisServer replica =
                RedisServer.start(RedisVersion.REDIS_7_0, "--replicaof", "127.0.0.1 " + primary.port())) {
            Replication.awaitSynchronised(primary.client(), replica.client());
            Credentials teamKey = service.project("replicated");
            id = service.register(teamKey, "replicated", primary.uri());
            String path = "/v2/" + teamKey.projectId() + "/instances/" + id;
            JsonNode up = service.call(teamKey, "GET", path, "").body();

            // DCS includes the primary in the number of replicas.
            assertThat(up.get("replica_count").asInt()).isEqualTo(2);
            assertThat(up.get("engine_version").asString()).startsWith("7.0.");

            primary.kill();
            JsonNode down = service.call(teamKey, "GET", path, "").body();

            assertThat(down.get("status").asString()).isEqualTo("ERROR");
            assertThat(down.get("engine_version")).isEqualTo(up.get("engine_version"));
            assertThat(down.get("replica_count")).isEqualTo(up.get("replica_count"));
            assertThat(down.get("capacity_minor").asString()).isEqualTo("0.063");
            assertThat(down.has("used_memory")).isFalse();
        } finally {
            primary.close();
        }
    }

    @Test
    void instanceWhoseServerWasNeverReached_hasNoValuesOfTheServer() {
        Credentials teamKey = service.project("unreached");
        String cluster = service.register(teamKey, "unreached cluster", "redis-cluster://127.0.0.1:1");
        JsonNode shown = service.call(teamKey, "GET", "/v2/" + teamKey.projectId() + "/instances/" + cluster, "")
                .body();

        assertThat(shown.get("status").asString()).isEqualTo("ERROR");

        for (String field : new String[] {
            "engine_version",
            "replica_count",
            "sharding_count",
            "capacity",
            "capacity_minor",
            "max_memory",
            "used_memory"
        }) {
            assertThat(shown.has(field)).as(field).isFalse();
        }
    }

    @Test
    void showTags_ofAnInstanceWithoutTags_isEmpty_andOfAnUnknownInstanceRefused() {
        String id = service.call(key, "GET", instances + "?name=untagged", "")
                .body()
                .get("instances")
                .get(0)
                .get("instance_id")
                .asString();

        assertThat(service.call(key, "GET", instances + "/" + id + "/tags", "")
                        .response()
                        .body())
                .isEqualTo("{\"tags\":[]}");
        assertDcsError(
                service.call(key, "GET", instances + "/" + UUID.randomUUID() + "/tags", ""),
                404,
                "DCS.3022",
                "This DCS instance does not exist.");
    }

    /** Registers an instance with tags, which are JSON. */
    private void register(String name, String uri, String tags) {
        JsonMapper json = new JsonMapper();
        ObjectNode body = json.createObjectNode().put("name", name).put("uri", uri);
        body.set("tags", json.readTree(tags));
        service.register(key, body);
    }

    private static ResourceTag tag(String name, String value) {
        return new ResourceTag().withKey(name).withValue(value);
    }
}
