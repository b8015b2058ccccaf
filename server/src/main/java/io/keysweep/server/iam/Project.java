package io.keysweep.server.iam;

/**
 * A project: the owner of instances, and what keeps tenants apart.
 *
 * @param id 32 hex characters
 * @param name unique
 */
record Project(String id, String name) {}
