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

/** Reads a document of instances against those that there are. Safe to share. */
@Component
class FleetReader {

    static final String SCHEDULE = "schedule";
    private static final Map<PolicyKind, String> POLICIES =
            new EnumMap<>(Map.of(PolicyKind.WINDOWS, "windows", PolicyKind.START, "startPolicy"));

    private static final int MOST = 10_000;
    private static final List<String> FIELDS = Stream.of(
                    InstanceSettings.FIELDS.stream(), Stream.of(SCHEDULE), POLICIES.values().stream())
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
     * Reads it.
     *
     * @param there the instances that there are, by name
     * @param prune whether those that the document does not name are to go
     * @throws RequestRefusedException for everything that does not fit
     */
    List<FleetEntry> read(@Nullable JsonNode document, Map<String, Instance> there, boolean prune, Instant now) {
        DocumentReader reader = DocumentReader.of(document, Set.of("instances"));
        if (reader.value("instances").isEmpty()) {
            reader.refuse("instances", null, "a list of objects, be it empty");
        }
        List<FleetEntry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (DocumentReader object : reader.objects("instances", MOST, FIELDS)) {
            String name = object.value("name")
                    .filter(JsonNode::isString)
                    .map(JsonNode::stringValue)
                    .orElse("");
            if (!names.add(name) && !name.isEmpty()) {
                object.refuse("name", name, "that of one instance only");
            }
            entry(object, there.get(name), now).ifPresent(entries::add);
        }
        if (prune) {
            there.values().stream()
                    .filter(instance -> !names.contains(instance.name()) && activeScans.exists(instance.id()))
                    .forEach(busy -> reader.refuse(
                            "instances",
                            " lack '" + busy.name() + "', which cannot be removed until its scan has ended."));
        }
        return reader.whole(() -> entries);
    }

    private Optional<FleetEntry> entry(DocumentReader object, @Nullable Instance previous, Instant now) {
        Optional<InstanceSettings> terms = InstanceSettings.read(object, previous, Kept.SECRETS);
        Optional<ScheduleSettings> schedule =
                section(object, SCHEDULE, document -> ScheduleSettings.read(document, now));
        Map<PolicyKind, Optional<String>> policies = new EnumMap<>(PolicyKind.class);
        policy(object, PolicyKind.WINDOWS, gates::normalize, policies);
        policy(object, PolicyKind.START, startPolicies::normalize, policies);
        if (previous != null
                && terms.isPresent()
                && terms.get().leadsElsewhere(previous)
                && activeScans.exists(previous.id())) {
            object.refuse("uri", " or nodeMap is another, which must wait until the instance's scan has ended.");
        }
        return terms.map(found -> new FleetEntry(previous, found, object.has(SCHEDULE), schedule, policies));
    }

    /** What the document calls a policy. */
    static String name(PolicyKind kind) {
        return Objects.requireNonNull(POLICIES.get(kind));
    }

    private static void policy(
            DocumentReader object,
            PolicyKind kind,
            Function<JsonNode, String> rules,
            Map<PolicyKind, Optional<String>> policies) {
        Optional<String> policy = section(object, name(kind), rules);
        if (object.has(name(kind))) {
            policies.put(kind, policy);
        }
    }

    private static <T> Optional<T> section(DocumentReader object, String name, Function<JsonNode, T> read) {
        try {
            return object.value(name).map(read);
        } catch (RequestRefusedException e) {
            object.refuse(name, e.problems());
            return Optional.empty();
        }
    }
}
