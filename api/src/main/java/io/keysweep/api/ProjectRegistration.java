package io.keysweep.api;

/**
 * Body of {@code POST /api/v1/projects}: makes a project and its first access key. Administrators only.
 *
 * @param name 1 to 64 characters, unique
 */
public record ProjectRegistration(String name) {}
