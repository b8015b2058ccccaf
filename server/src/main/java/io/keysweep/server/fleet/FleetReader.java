package io.keysweep.server.fleet;

import io.keysweep.engine.egress.EgressGate;
import io.keysweep.server.autoscan.ScheduleSettings;
import io.keysweep.server.autoscan.StartPolicies;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.ActiveScans;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceSettings;
import io.keysweep.server.instance.InstanceSettings.Kept;
import io.keysweep.server.instance.NewInstance;
import io.keysweep.server.instance.RaisedServers;
import io.keysweep.server.instance.RaisedServers.RaisedServer;
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
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Reads fleet documents and finds all their problems before anything changes.
 *
 * <p>A fleet document describes instances of a project, with their schedules and policies, as they should be. {@link
 * FleetApplier} makes the changes. An instance is a registered server, Sentinel deployment or cluster. A scan is active
 * while it waits or runs. Thread-safe.
 */
@Component
class FleetReader {

    /** The field that contains the schedule of an instance. */
    static final String SCHEDULE = "schedule";

    /**
     * The fields that contain the policies of an instance. Budgets are left out, because only projects have them.
     * Ceilings (values of the pace that no scan may exceed without approval) are left out, because a caller who may
     * apply fleet documents is often not allowed to set ceilings.
     */
    private static final Map<PolicyKind, String> POLICY_FIELDS =
            new EnumMap<>(Map.of(PolicyKind.WINDOWS, "windows", PolicyKind.START, "startPolicy"));

    private static final int MAX_INSTANCES = 10_000;

    /** All fields that an instance may have in a document. */
    private static final List<String> FIELDS = Stream.of(
                    InstanceSettings.FIELDS.stream(),
                    Stream.of(NewInstance.ID, SCHEDULE),
                    POLICY_FIELDS.values().stream())
            .flatMap(names -> names)
            .toList();

    private final WindowGates gates;
    private final StartPolicies startPolicies;
    private final ActiveScans activeScans;
    private final RaisedServers raisedServers;
    private final EgressGate egress;

    FleetReader(
            WindowGates gates,
            StartPolicies startPolicies,
            ActiveScans activeScans,
            RaisedServers raisedServers,
            EgressGate egress) {
        this.gates = gates;
        this.startPolicies = startPolicies;
        this.activeScans = activeScans;
        this.raisedServers = raisedServers;
        this.egress = egress;
    }

    /**
     * Reads a document, and returns one entry for each instance in it, in the order of the document.
     *
     * @param existing the existing instances of the project, by name
     * @param find finds an instance of any project by its id
     * @param prune whether the instances that the document does not name will be deleted
     * @param now the current time, which the first start of a schedule must follow
     * @throws RequestRefusedException if the document has any problem; the exception names all problems
     */
    List<FleetEntry> read(
            @Nullable JsonNode document,
            Map<String, Instance> existing,
            Function<UUID, Optional<Instance>> find,
            boolean prune,
            Instant now) {
        DocumentReader reader = DocumentReader.of(document, Set.of("instances"));
        if (reader.value("instances").isEmpty()) {
            reader.addProblem("instances", /* value= */ null, Phrase.of("a list of objects, which may be empty"));
        }

        List<FleetEntry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<UUID> ids = new HashSet<>();
        for (DocumentReader object : reader.objects("instances", MAX_INSTANCES, FIELDS)) {
            String name = readName(object);
            // A missing or empty name is reported when the settings are read, and is not a duplicate.
            if (!names.add(name) && !name.isEmpty()) {
                object.addProblem("name", name, Phrase.of("that of one instance only"));
            }
            Instance previous = existing.get(name);
            Optional<UUID> id = NewInstance.readId(object);
            id.ifPresent(wantedId -> checkId(object, wantedId, previous, ids.add(wantedId), find));
            readEntry(object, previous, id, now).ifPresent(entries::add);
        }

        if (prune) {
            refuseBusy(reader, existing, names);
        }
        return reader.requireValid(() -> entries);
    }

    /** Returns the name of an instance; an empty text if the name is missing or no text. */
    private static String readName(DocumentReader object) {
        return object.value("name")
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .orElse("");
    }

    /**
     * Records a problem for each instance that would be deleted although a scan of it is active, or assist has left
     * settings of its servers raised.
     */
    private void refuseBusy(DocumentReader reader, Map<String, Instance> existing, Set<String> namesToKeep) {
        existing.values().stream()
                .filter(instance -> !namesToKeep.contains(instance.name()))
                .forEach(instance ->
                        findRemovalProblem(instance).ifPresent(problem -> reader.addProblem("instances", problem)));
    }

    /** Returns why an instance cannot be removed now; empty if it can. */
    private Optional<Phrase> findRemovalProblem(Instance instance) {
        if (activeScans.exists(instance.id())) {
            return Optional.of(
                    Phrase.of(" lack '{0}', which cannot be removed until its scan has ended.", instance.name()));
        }
        List<RaisedServer> servers = raisedServers.ofInstance(instance.id());
        return servers.isEmpty()
                ? Optional.empty()
                : Optional.of(Phrase.of(
                        " lack '{0}', but assist has left settings of {1} raised: the service restores them as soon as"
                                + " the server answers. To remove the instance before, run 'keysweep instances"
                                + " forget-raised'.",
                        instance.name(), RaisedServers.addresses(servers)));
    }

    /**
     * Records a problem if an instance cannot have the id that the document names. Ids never change, and no two
     * instances have the same id, not even in different projects.
     *
     * @param wantedId the id in the document
     * @param previous the existing instance of that name, or null for a new one
     * @param isFirst whether no earlier instance of the document has the id
     * @param find finds an instance of any project by its id
     */
    private static void checkId(
            DocumentReader object,
            UUID wantedId,
            @Nullable Instance previous,
            boolean isFirst,
            Function<UUID, Optional<Instance>> find) {
        if (!isFirst) {
            object.addProblem(NewInstance.ID, wantedId.toString(), Phrase.of("that of one instance only"));
        } else if (previous != null && !previous.id().equals(wantedId)) {
            object.addProblem(
                    NewInstance.ID,
                    wantedId.toString(),
                    Phrase.of("{0}, the id of this instance, which never changes", previous.id()));
        } else if (previous == null && find.apply(wantedId).isPresent()) {
            object.addProblem(NewInstance.ID, Phrase.of(" is '{0}', which is that of another instance.", wantedId));
        }
    }

    /**
     * Reads one instance; empty if its settings have a problem. All problems are recorded, also of its schedule and
     * policies.
     */
    private Optional<FleetEntry> readEntry(
            DocumentReader object, @Nullable Instance previous, Optional<UUID> id, Instant now) {
        Optional<InstanceSettings> settings = InstanceSettings.read(object, previous, Kept.SECRETS, egress.policy());
        Optional<ScheduleSettings> schedule =
                readSection(object, SCHEDULE, document -> ScheduleSettings.read(document, now));
        Map<PolicyKind, Optional<String>> policies = new EnumMap<>(PolicyKind.class);
        readPolicy(object, PolicyKind.WINDOWS, gates::normalize, policies);
        readPolicy(object, PolicyKind.START, startPolicies::normalize, policies);
        if (previous != null && changesAddress(previous, settings)) {
            findAddressChangeProblem(previous.id(), now).ifPresent(problem -> object.addProblem("uri", problem));
        }
        return settings.map(validSettings ->
                new FleetEntry(previous, id.orElse(null), validSettings, object.has(SCHEDULE), schedule, policies));
    }

    /** Returns why the URI or the node map of an instance must not change now; empty if they may change. */
    private Optional<Phrase> findAddressChangeProblem(UUID instanceId, Instant now) {
        return activeScans.exists(instanceId)
                ? Optional.of(
                        Phrase.of(" or nodeMap differs, which is not possible until the instance's scan has ended."))
                : raisedServers.problemOfChange(instanceId, now);
    }

    private static boolean changesAddress(Instance previous, Optional<InstanceSettings> settings) {
        return settings.isPresent() && settings.get().leadsElsewhere(previous);
    }

    /** Returns the field that contains the policies of a kind, such as {@code windows}. */
    static String fieldName(PolicyKind kind) {
        return Objects.requireNonNull(POLICY_FIELDS.get(kind));
    }

    /**
     * Reads the policy of one kind, and adds it to {@code policies} if the document has its field.
     *
     * @param rules checks a policy and returns its normal form
     */
    private static void readPolicy(
            DocumentReader object,
            PolicyKind kind,
            Function<JsonNode, String> rules,
            Map<PolicyKind, Optional<String>> policies) {
        Optional<String> policy = readSection(object, fieldName(kind), rules);
        // A field that is null removes the policy; a field that is left out changes nothing.
        if (object.has(fieldName(kind))) {
            policies.put(kind, policy);
        }
    }

    /**
     * Reads a field whose value is a document, such as a schedule; empty if the field is left out, null or not valid.
     * Records the problems of the document under the name of the field.
     *
     * @param read reads the document; throws a {@code RequestRefusedException} with its problems
     */
    private static <T> Optional<T> readSection(DocumentReader object, String name, Function<JsonNode, T> read) {
        try {
            return object.value(name).map(read);
        } catch (RequestRefusedException e) {
            object.addProblem(name, e.problems());
            return Optional.empty();
        }
    }
}
