package io.keysweep.server.console.access;

import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceAccess;
import io.keysweep.server.instance.InstanceId;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Converts names of instances in forms to ids, and shows ids with their names.
 *
 * <p>The known instances are the instances of the caller's own project that the caller may list. The methods that
 * templates call are public.
 *
 * @param ids id of each known instance by name
 * @param names name of each known instance by id
 * @param complete whether all instances of the project are known, so that any other id belongs to no instance
 */
record InstanceNames(Map<String, String> ids, Map<String, String> names, boolean complete) {

    /** Finds the instances of a project that the caller may list; finds none if it is not the caller's own project. */
    static InstanceNames of(Caller caller, String projectId, InstanceAccess access) {
        boolean isKnown = caller.projectId().equals(projectId) && caller.maySomewhere(Action.LIST_INSTANCES);
        List<Instance> instances = isKnown ? access.list(caller, Action.LIST_INSTANCES) : List.of();
        return new InstanceNames(
                instances.stream()
                        .collect(Collectors.toMap(
                                Instance::name, instance -> instance.id().toString())),
                instances.stream()
                        .collect(Collectors.toMap(instance -> instance.id().toString(), Instance::name)),
                isKnown && caller.may(Action.LIST_INSTANCES));
    }

    /**
     * Returns the ids for the text of a field. Commas and line breaks separate names, which can contain spaces, and
     * spaces also separate ids. A text that is neither a known name nor an id is not changed, so that the rules refuse
     * it.
     */
    Set<String> idsOf(String text) {
        return Arrays.stream(text.split("[,\\r\\n]+", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .flatMap(part -> ids.containsKey(part) ? Stream.of(part) : Arrays.stream(part.split("\\s+", -1)))
                .map(part -> InstanceId.parse(part).isPresent() ? part : ids.getOrDefault(part, part))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Returns ids as the text of a field, with the name instead of each id that has one; null becomes empty. */
    public String field(@Nullable List<String> instances) {
        return sorted(instances).stream().map(this::fieldText).collect(Collectors.joining(", "));
    }

    /** Returns ids in the order of the names of their instances; none for null. */
    public List<String> sorted(@Nullable List<String> instances) {
        return instances == null
                ? List.of()
                : instances.stream().sorted(Comparator.comparing(this::name)).toList();
    }

    private String fieldText(String id) {
        String name = names.get(id);
        // idsOf would split a name with a comma, and would take a name that looks like an id for that id.
        boolean isReadable =
                name != null && !name.contains(",") && InstanceId.parse(name).isEmpty();
        return isReadable ? String.valueOf(name) : id;
    }

    /** Returns the name of an instance, or the id if the name is not known. */
    public String name(String id) {
        return names.getOrDefault(id, id);
    }

    /** Returns whether an id certainly belongs to no instance, for example because the instance was removed. */
    public boolean isGone(String id) {
        return complete && !names.containsKey(id);
    }
}
