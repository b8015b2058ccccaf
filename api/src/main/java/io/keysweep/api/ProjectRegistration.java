package io.keysweep.api;

/**
 * Holds the request body of {@code POST /api/v1/projects}, which creates a project and its first access key.
 *
 * @param name unique name, 1 to 64 characters
 */
public record ProjectRegistration(String name) {}
