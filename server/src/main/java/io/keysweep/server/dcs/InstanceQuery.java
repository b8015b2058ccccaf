package io.keysweep.server.dcs;

import io.keysweep.server.error.QueryParameters;
import io.keysweep.server.error.RequestRefusedException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/**
 * Describes which instances a client requests from ListInstances: one page of the instances that all given filters
 * match.
 *
 * <p>An unknown parameter is refused, although DCS ignores it. Otherwise a program could filter by a parameter that
 * Keysweep does not know, and start a scan of each instance in the response. It would then scan more instances than it
 * wanted.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API the service also offers.
 *
 * @param page part of the matching instances
 * @param filter returns whether an instance matches
 */
record InstanceQuery(PageRange page, Predicate<InstanceBody.InstanceItem> filter) {

    /** All states of a DCS instance, which clients can filter by; Keysweep's instances are only RUNNING or ERROR. */
    private static final Set<String> STATUSES = Set.of(
            "CREATING",
            "CREATEFAILED",
            "RUNNING",
            "ERROR",
            "RESTARTING",
            "FROZEN",
            "EXTENDING",
            "RESTORING",
            "FLUSHING");

    /** The value that stands for all enterprise projects together. */
    private static final String ALL_ENTERPRISE_PROJECTS = "all_granted_eps";

    /**
     * The maximum number of characters of a capacity, so that no client makes the service calculate with a huge number.
     */
    private static final int MAX_CAPACITY_LENGTH = 20;

    /**
     * The parameters, in alphabetical order. {@code include_delete} and {@code include_failure} are accepted and change
     * nothing: Keysweep has no deleted instances, and none whose creation failed.
     */
    private static final List<String> KNOWN_PARAMETERS = List.of(
            "capacity",
            "enterprise_project_id",
            "include_delete",
            "include_failure",
            "instance_id",
            "ip",
            "limit",
            "name",
            "name_equal",
            "offset",
            "status",
            "tags");

    /**
     * Reads the parameters of a request.
     *
     * @throws RequestRefusedException if a parameter is unknown, repeated or has a bad value
     */
    static InstanceQuery of(MultiValueMap<String, String> query) {
        query.forEach((name, values) -> {
            if (!KNOWN_PARAMETERS.contains(name)) {
                throw RequestRefusedException.parameter(
                        name, values.getFirst(), "left out: known are " + String.join(", ", KNOWN_PARAMETERS));
            }
            // Several tags may come in several parameters. If any other parameter came twice, one of its values would
            // be ignored.
            if (values.size() > 1 && !name.equals("tags")) {
                throw RequestRefusedException.parameter(name, String.join(",", values), "given once");
            }
        });

        requireBoolean("include_delete", query.getFirst("include_delete"));
        requireBoolean("include_failure", query.getFirst("include_failure"));

        Predicate<InstanceBody.InstanceItem> filter = byName(query.getFirst("name"), query.getFirst("name_equal"))
                .and(byStatus(query.getFirst("status")))
                .and(byCapacity(query.getFirst("capacity")))
                .and(byTags(query.get("tags")));
        String id = query.getFirst("instance_id");
        String ip = query.getFirst("ip");
        String enterpriseProject = query.getFirst("enterprise_project_id");
        return new InstanceQuery(
                PageRange.of(query.getFirst("offset"), query.getFirst("limit")),
                filter.and(body -> id == null || body.instanceId().equalsIgnoreCase(id))
                        .and(body -> ip == null || body.ip().equalsIgnoreCase(ip))
                        .and(body -> enterpriseProject == null
                                || enterpriseProject.equals(ALL_ENTERPRISE_PROJECTS)
                                || body.enterpriseProjectId().equals(enterpriseProject)));
    }

    /** Refuses a value other than true and false, unless the parameter is left out (null). */
    private static void requireBoolean(String parameter, @Nullable String value) {
        if (value != null) {
            QueryParameters.flag(parameter, value);
        }
    }

    /**
     * Matches instances by their name; all if {@code name} is null.
     *
     * @param exact {@code true} if the name must be equal; {@code false} or null if it must contain {@code name}, in
     *     upper or lower case
     */
    private static Predicate<InstanceBody.InstanceItem> byName(@Nullable String name, @Nullable String exact) {
        requireBoolean("name_equal", exact);
        if (name == null) {
            return body -> true;
        }
        return "true".equals(exact)
                ? body -> body.name().equals(name)
                : body -> body.name().toLowerCase(Locale.ROOT).contains(name.toLowerCase(Locale.ROOT));
    }

    /** Matches instances in the requested state; all instances for null. */
    private static Predicate<InstanceBody.InstanceItem> byStatus(@Nullable String status) {
        if (status != null && !STATUSES.contains(status)) {
            throw RequestRefusedException.parameter("status", status, "a status such as RUNNING or ERROR");
        }
        return body -> status == null || body.status().equals(status);
    }

    /**
     * Matches instances that show exactly the requested capacity in GB; all instances for null. An instance without a
     * memory limit shows no capacity.
     */
    private static Predicate<InstanceBody.InstanceItem> byCapacity(@Nullable String capacity) {
        if (capacity == null) {
            return body -> true;
        }
        if (!capacity.matches("[0-9]+([.][0-9]+)?") || capacity.length() > MAX_CAPACITY_LENGTH) {
            throw RequestRefusedException.parameter("capacity", capacity, "a number of GB such as 4 or 0.125");
        }
        BigDecimal wantedGigabytes = new BigDecimal(capacity);
        return body -> {
            BigDecimal instanceCapacity = body.capacityInGibibytes();
            return instanceCapacity != null && instanceCapacity.compareTo(wantedGigabytes) == 0;
        };
    }

    /**
     * Matches instances that have all the tags; all instances for null.
     *
     * @param values texts of one or more tags {@code key=value}, separated by commas
     */
    private static Predicate<InstanceBody.InstanceItem> byTags(@Nullable List<String> values) {
        if (values == null) {
            return body -> true;
        }
        List<String> tags = List.of(String.join(",", values).split(",", -1));
        for (String tag : tags) {
            // A key has at least one character, a value can be empty.
            if (tag.indexOf('=') < 1) {
                throw RequestRefusedException.parameter(
                        "tags", String.join(",", values), "key=value, several separated by commas");
            }
        }
        // Both a key and a value may contain =, so the two are compared together.
        return body -> tags.stream()
                .allMatch(tag -> body.tags().stream()
                        .anyMatch(instanceTag -> tag.equals(instanceTag.key() + "=" + instanceTag.value())));
    }
}
