package io.keysweep.server.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keysweep.engine.egress.EgressPolicy;
import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.InstanceSettings.Kept;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class InstanceReaderTest {

    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void uri_tooLongOnceEachAddressHasItsPort_isRefused() {
        String seeds = IntStream.range(0, 330)
                .mapToObj(i -> "10.0.0." + i % 256 + (char) ('a' + i / 256))
                .collect(Collectors.joining(","));
        ObjectNode document = JSON.createObjectNode().put("name", "many").put("uri", "redis-cluster://" + seeds);
        assertThat(seeds.length()).isLessThan(4000);
        assertThat(problems(document))
                .singleElement()
                .asString()
                .matches("uri has 5\\d{3} characters with all ports, must have 4000 at most\\.");
    }

    @Test
    void change_toSentinelsInUpperCase_keepsTheirPassword() {
        InstanceSettings before = read(
                JSON.createObjectNode()
                        .put("name", "i")
                        .put("uri", "redis-sentinel://10.0.0.1#main")
                        .put("sentinelPassword", "secret"),
                null);
        Instance instance = Instance.of(UUID.randomUUID(), "p", before, Instant.EPOCH);
        InstanceSettings after = read(JSON.createObjectNode().put("uri", "REDIS-SENTINEL://10.0.0.1#main"), instance);
        assertThat(after).isEqualTo(before);
    }

    @Test
    void tags_tooLongForTheDatabase_areRefused() {
        ObjectNode tags = JSON.createObjectNode();
        // A letter that is two characters in the database.
        String letters = Character.toString(0x10400).repeat(120);
        IntStream.range(0, 20).forEach(i -> tags.put(letters + i, letters + letters));
        ObjectNode document = JSON.createObjectNode().put("name", "i").put("uri", "redis://10.0.0.1");
        document.set("tags", tags);
        assertThat(problems(document))
                .singleElement()
                .asString()
                .matches("tags have 1\\d{4} characters in JSON, must be at most 8000\\.");
    }

    private static InstanceSettings read(ObjectNode document, @Nullable Instance previous) {
        return InstanceSettings.read(document, previous, Kept.ALL, EgressPolicy.SERVICE);
    }

    private static List<String> problems(ObjectNode document) {
        RequestRefusedException refusal =
                catchThrowableOfType(RequestRefusedException.class, () -> read(document, null));
        return refusal.problems().stream().map(FieldProblem::sentence).toList();
    }
}
