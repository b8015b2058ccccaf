package io.keysweep.api;

/**
 * Names a project that a client creates or renames; the body of {@code POST} and {@code PUT} requests.
 *
 * <p>{@code POST /api/v1/projects} creates a project and its first access key. {@code PUT /api/v1/projects/{id}}
 * renames a project.
 *
 * @param name name of the project, 1 to 64 characters; no other project may have it
 */
public record ProjectRegistration(String name) {}
