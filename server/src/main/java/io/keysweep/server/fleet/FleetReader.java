package io.keysweep.server.fleet;

import io.keysweep.server.autoscan.ScheduleSettings;
import io.keysweep.server.autoscan.StartPolicies;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.ActiveScans;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceSettings;
import io.keysweep.server.instance.InstanceSettings.Kept;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.request.DocumentReader;
import io.keysweep.server.window.WindowGates;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Reads fleet documents and checks them against the existing instances. Safe for use by several threads. */
@Component
class FleetReader {

    static final String SCHEDULE = "schedule";
    private static final Map<PolicyKind, String> POLICY_FIELDS =
            new EnumMap<>(Map.of(PolicyKind.WINDOWS, "windows", PolicyKind.START, "startPolicy"));

    private static final int MAX_INSTANCES = 10_000;
    private static final List<String> FIELDS = Stream.of(
                    InstanceSettings.FIELDS.stream(), Stream.of(SCHEDULE), POLICY_FIELDS.values().stream())
            .flatMap(names -> names)
            .toList();

    private final WindowGates gates;
    private final StartPolicies startPolicies;
    private final ActiveScans activeScans;

    FleetReader(WindowGates gates, StartPolicies startPolicies, ActiveScans activeScans) {
        this.gates = gates;
        this.startPolicies = startPolicies;
        this.activeScans = activeScans;
    }

    /**
     * Reads a document.
     *
     * @param existing the existing instances by name
     * @param prune whether instances that the document does not name will be deleted
     * @throws RequestRefusedException with all problems of the document, if it has any
     */
    List<FleetEntry> read(@Nullable JsonNode document, Map<String, Instance> existing, boolean prune, Instant now) {
        DocumentReader reader = DocumentReader.of(document, Set.of("instances"));
        if (reader.value("instances").isEmpty()) {
            reader.addProblem("instances", null, "a list of objects, which may be empty");
        }
        List<FleetEntry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (DocumentReader object : reader.objects("instances", MAX_INSTANCES, FIELDS)) {
            String name = object.value("name")
                    .filter(JsonNode::isString)
                    .map(JsonNode::stringValue)
                    .orElse("");
            if (!names.add(name) && !name.isEmpty()) {
                object.addProblem("name", name, "that of one instance only");
            }
            readEntry(object, existing.get(name), now).ifPresent(entries::add);
        }
        if (prune) {
            existing.values().stream()
                    .filter(instance -> !names.contains(instance.name()) && activeScans.exists(instance.id()))
                    .forEach(busy -> reader.addProblem(
                            "instances",
                            " lack '" + busy.name() + "', which cannot be removed until its scan has ended."));
        }
        return reader.requireValid(() -> entries);
    }

    private Optional<FleetEntry> readEntry(DocumentReader object, @Nullable Instance previous, Instant now) {
        Optional<InstanceSettings> settings = InstanceSettings.read(object, previous, Kept.SECRETS);
        Optional<ScheduleSettings> schedule =
                readSection(object, SCHEDULE, document -> ScheduleSettings.read(document, now));
        Map<PolicyKind, Optional<String>> policies = new EnumMap<>(PolicyKind.class);
        readPolicy(object, PolicyKind.WINDOWS, gates::normalize, policies);
        readPolicy(object, PolicyKind.START, startPolicies::normalize, policies);
        if (previous != null
                && settings.isPresent()
                && settings.get().leadsElsewhere(previous)
                && activeScans.exists(previous.id())) {
            object.addProblem("uri", " or nodeMap differs, which is not possible until the instance's scan has ended.");
        }
        return settings.map(found -> new FleetEntry(previous, found, object.has(SCHEDULE), schedule, policies));
    }

    /** Returns the field of a fleet document that holds a policy. */
    static String fieldName(PolicyKind kind) {
        return Objects.requireNonNull(POLICY_FIELDS.get(kind));
    }

    private static void readPolicy(
            DocumentReader object,
            PolicyKind kind,
            Function<JsonNode, String> rules,
            Map<PolicyKind, Optional<String>> policies) {
        Optional<String> policy = readSection(object, fieldName(kind), rules);
        if (object.has(fieldName(kind))) {
            policies.put(kind, policy);
        }
    }

    private static <T> Optional<T> readSection(DocumentReader object, String name, Function<JsonNode, T> read) {
        try {
            return object.value(name).map(read);
        } catch (RequestRefusedException e) {
            object.addProblem(name, e.problems());
            return Optional.empty();
        }
    }
}
