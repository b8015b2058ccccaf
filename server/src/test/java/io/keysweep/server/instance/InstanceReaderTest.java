package io.keysweep.server.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keysweep.engine.egress.EgressPolicy;
import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.InstanceSettings.Kept;
import io.keysweep.testkit.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tests which documents of instances are refused, and which changes of an instance need its passwords again.
 *
 * <p>The service keeps passwords that a change leaves out. A caller who may change an instance perhaps does not know
 * its passwords. If a change could send the stored passwords to another server, the caller must therefore send them
 * again.
 */
class InstanceReaderTest {

    private static final JsonMapper JSON = new JsonMapper();

    /** The greatest number of characters of a URI. */
    private static final int MAX_URI_LENGTH = 4_000;

    @Test
    void uri_thatIsTooLongWithTheDefaultPorts_isRefused() {
        // Each of the 330 addresses is a name such as 10.0.0.7b. They fit into the limit as sent, but not with the
        // default port that the service adds to each.
        String seeds = IntStream.range(0, 330)
                .mapToObj(i -> "10.0.0." + i % 256 + (char) ('a' + i / 256))
                .collect(Collectors.joining(","));
        ObjectNode document = JSON.createObjectNode().put("name", "many").put("uri", "redis-cluster://" + seeds);

        assertThat(seeds.length()).isLessThan(MAX_URI_LENGTH);
        assertThat(problems(document))
                .singleElement()
                .asString()
                .matches("uri has 5\\d{3} characters with all ports, must have " + MAX_URI_LENGTH + " at most\\.");
    }

    @Test
    void change_ofTheSchemeToUpperCase_keepsTheSentinelPassword() {
        InstanceSettings before = read(
                JSON.createObjectNode()
                        .put("name", "i")
                        .put("uri", "redis-sentinel://10.0.0.1#main")
                        .put("sentinelPassword", "secret"),
                /* previous= */ null);
        Instance instance = Instance.of(UUID.randomUUID(), "p", before, Instant.EPOCH);
        InstanceSettings after = read(JSON.createObjectNode().put("uri", "REDIS-SENTINEL://10.0.0.1#main"), instance);

        assertThat(after).isEqualTo(before);
    }

    /** Runs for a change of an instance ({@code ALL}) and for a fleet file ({@code SECRETS}). */
    @ParameterizedTest
    @EnumSource(Kept.class)
    void change_thatCouldSendThePasswordsToAnotherServer_needsThemAgain(Kept kept) throws IOException {
        try (Certificates certificates = Certificates.create()) {
            String authority = Files.readString(certificates.authority().certificate());
            String otherAuthority =
                    Files.readString(certificates.otherAuthority().certificate());
            ObjectNode document = JSON.createObjectNode()
                    .put("name", "i")
                    .put("uri", "rediss-sentinel://10.0.0.1#main")
                    .put("tlsCa", authority)
                    .put("nodeMap", "10.0.0.2=10.0.0.3");
            ObjectNode withPasswords =
                    document.deepCopy().put("password", "secret").put("sentinelPassword", "secret two");
            Instance instance =
                    Instance.of(UUID.randomUUID(), "p", read(withPasswords, /* previous= */ null), Instant.EPOCH);

            // A change of the user name keeps the same servers, so the passwords are kept.
            assertThat(read(document.deepCopy().put("username", "u"), instance, kept)
                            .deployment()
                            .access()
                            .credentials()
                            .password())
                    .isEqualTo("secret");

            // Each of these changes could lead to another server. It is accepted with both passwords, or without any.
            Map<String, Consumer<ObjectNode>> changes = Map.of(
                    "tlsCa", changed -> changed.put("tlsCa", otherAuthority),
                    "uri", changed -> changed.put("uri", "rediss-sentinel://10.0.0.1:26380#main"),
                    "uri and tlsCa",
                            changed -> changed.put("uri", "redis-sentinel://10.0.0.1#main")
                                    .putNull("tlsCa"),
                    "nodeMap", changed -> changed.put("nodeMap", "10.0.0.2=10.0.0.4"));
            changes.forEach((fields, change) -> {
                ObjectNode changed = document.deepCopy();
                change.accept(changed);
                assertThat(problems(changed, instance, kept)).containsExactlyElementsOf(missingPasswords(fields));

                changed.put("password", "secret").put("sentinelPassword", "secret two");
                assertThat(read(changed, instance, kept)).isNotNull();

                changed.putNull("password").putNull("sentinelPassword");
                assertThat(read(changed, instance, kept)).isNotNull();
            });

            // Without its own authority, the instance would trust the authorities of Java instead.
            assertThat(problems(document.deepCopy().putNull("tlsCa"), instance, kept))
                    .containsExactlyElementsOf(missingPasswords("tlsCa"));
        }
    }

    @Test
    void tags_thatAreTooLongForTheDatabase_areRefused() {
        ObjectNode tags = JSON.createObjectNode();

        // The letter has the length of two characters in the database.
        String letters = Character.toString(0x10400).repeat(120);
        IntStream.range(0, 20).forEach(i -> tags.put(letters + i, letters + letters));
        ObjectNode document = JSON.createObjectNode().put("name", "i").put("uri", "redis://10.0.0.1");
        document.set("tags", tags);

        assertThat(problems(document))
                .singleElement()
                .asString()
                .matches("tags have 1\\d{4} characters in JSON, must be at most 8000\\.");
    }

    /** Returns the messages that a change of these fields needs both passwords. */
    private static List<String> missingPasswords(String fields) {
        return Stream.of("password", "sentinelPassword")
                .map(password -> password + " is kept, but a change of " + fields
                        + " could give it to another server: send it again, or remove it.")
                .toList();
    }

    private static InstanceSettings read(ObjectNode document, @Nullable Instance previous) {
        return read(document, previous, Kept.ALL);
    }

    private static InstanceSettings read(ObjectNode document, @Nullable Instance previous, Kept kept) {
        return InstanceSettings.read(document, previous, kept, EgressPolicy.SERVICE);
    }

    private static List<String> problems(ObjectNode document) {
        return problems(document, /* previous= */ null, Kept.ALL);
    }

    private static List<String> problems(ObjectNode document, @Nullable Instance previous, Kept kept) {
        RequestRefusedException refusal =
                catchThrowableOfType(RequestRefusedException.class, () -> read(document, previous, kept));
        return refusal.problems().stream().map(FieldProblem::sentence).toList();
    }
}
