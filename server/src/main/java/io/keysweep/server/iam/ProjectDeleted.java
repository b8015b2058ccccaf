package io.keysweep.server.iam;

/**
 * An event that a project is about to be deleted, published in the transaction that deletes it. Features delete what they
 * keep of the project; an exception of a listener keeps the project.
 *
 * @param projectId the project
 */
public record ProjectDeleted(String projectId) {}
