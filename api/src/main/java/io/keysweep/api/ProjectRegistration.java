package io.keysweep.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes a project that a client creates or renames; the body of {@code POST} and {@code PUT} requests.
 *
 * <p>{@code POST /api/v1/projects} creates a project and its first access key. {@code PUT /api/v1/projects/{id}}
 * renames a project, and uses the name only.
 *
 * @param name name of the project, 1 to 64 characters; no other project may have it
 * @param id id that the project gets, for clients that have chosen one already: 32 hex characters, or a UUID with
 *     dashes; if null, the service chooses the id
 * @param actions IAM names of the actions (permissions) of the first access key, such as {@code dcs:instance:list};
 *     null for all actions that concern a single project
 */
public record ProjectRegistration(
        String name, @Nullable String id, @Nullable List<String> actions) {}
