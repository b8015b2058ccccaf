package io.keysweep.server.iam;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Says which instances of a project a right concerns: all, some by id, or all with certain tags.
 *
 * <p>A selector has ids or tags, but not both. A selector with neither selects every instance, also instances that are
 * registered later.
 *
 * @param ids ids of the selected instances; null if the selector does not name ids
 * @param tags tags that a selected instance has, all of them; null if the selector does not name tags
 */
public record InstanceSelector(
        @Nullable SortedSet<UUID> ids, @Nullable SortedMap<String, String> tags) {

    /** Selects every instance of the project. */
    public static final InstanceSelector ALL = new InstanceSelector(/* ids= */ null, /* tags= */ null);

    /**
     * Refuses a selector with ids and tags. Also refuses empty ids or tags, because they could mean all instances or
     * none.
     */
    public InstanceSelector {
        if (ids != null && tags != null) {
            throw new IllegalArgumentException("An instance selector has ids or tags, not both");
        }
        if ((ids != null && ids.isEmpty()) || (tags != null && tags.isEmpty())) {
            throw new IllegalArgumentException("The ids or tags of an instance selector must not be empty");
        }
        ids = ids == null ? null : Collections.unmodifiableSortedSet(new TreeSet<>(ids));
        tags = tags == null ? null : Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    }

    /** Returns a selector of some instances. */
    public static InstanceSelector ofIds(Set<UUID> ids) {
        return new InstanceSelector(new TreeSet<>(ids), /* tags= */ null);
    }

    /** Returns a selector of the instances that have all these tags. */
    public static InstanceSelector ofTags(Map<String, String> tags) {
        return new InstanceSelector(/* ids= */ null, new TreeMap<>(tags));
    }

    /** Returns whether every instance of the project is selected. */
    public boolean isAll() {
        return ids == null && tags == null;
    }

    /** Returns whether an instance with an id and tags is selected. */
    boolean selects(UUID id, Map<String, String> instanceTags) {
        if (ids != null) {
            return ids.contains(id);
        }
        return tags == null || instanceTags.entrySet().containsAll(tags.entrySet());
    }

    /**
     * Returns whether another selector always selects every instance that this one selects. Returns false if one has
     * ids and the other has tags, because the tags of instances change.
     */
    boolean isWithin(InstanceSelector other) {
        if (other.isAll()) {
            return true;
        }
        if (other.ids != null) {
            return ids != null && other.ids.containsAll(ids);
        }
        return tags != null && other.tags != null && tags.entrySet().containsAll(other.tags.entrySet());
    }

    /** Returns whether both selectors have ids and no id in common. Otherwise both may select the same instance. */
    boolean isApartFrom(InstanceSelector other) {
        return ids != null && other.ids != null && Collections.disjoint(ids, other.ids);
    }
}
